/**
 * The files of the stack: what a local compose file names beside itself, what of that the Pi has,
 * and what is sent. Uses {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.files;

import org.jspecify.annotations.NullMarked;
