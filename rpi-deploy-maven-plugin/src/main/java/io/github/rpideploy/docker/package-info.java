/**
 * The {@code docker} and {@code docker compose} command lines of the Pi as typed calls. Each class
 * builds an argument list, runs it through {@code remote}, and parses what it prints.
 *
 * <p>The words: the <em>probe</em> asks what a deploy must know and finds {@code Docker}, with its
 * <em>images</em> and <em>containers</em>; the <em>status</em> of a project is what {@code
 * rpi:status} shows; the <em>examination</em> asks what the doctor checks. The <em>contents</em> of
 * the Engine are the images that it holds, with the <em>sent layers</em>: what the layers of each
 * release were sent as. The <em>proof</em> shows that containers can be created from releases. The
 * <em>inventory</em> is the history of a compose directory with the tags that are in use.
 *
 * <p>Nothing here knows about order, services to deploy or Maven.
 */
@NullMarked
package io.github.rpideploy.docker;

import org.jspecify.annotations.NullMarked;
