/**
 * The remote {@code docker} and {@code docker compose} command lines as typed calls: each class
 * builds an argument list, runs it through {@code remote}, and parses what it prints. Nothing here
 * knows about releases, order or Maven.
 */
@NullMarked
package io.github.rpideploy.docker;

import org.jspecify.annotations.NullMarked;
