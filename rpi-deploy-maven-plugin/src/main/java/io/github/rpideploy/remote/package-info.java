/**
 * The port to the Pi: a {@link io.github.rpideploy.remote.RemoteHost} runs {@link
 * io.github.rpideploy.remote.Command}s and opens sockets as seen from the Pi. No implementation
 * lives here and no other room is used.
 */
@NullMarked
package io.github.rpideploy.remote;

import org.jspecify.annotations.NullMarked;
