/**
 * The port to the Pi: a {@link io.github.rpideploy.remote.RemoteHost} runs {@link
 * io.github.rpideploy.remote.Command}s and opens sockets as seen from the Pi. What runs there as a
 * {@link io.github.rpideploy.remote.Script} is a file beside the class that sends it. No
 * implementation lives here and no other room is used.
 */
@NullMarked
package io.github.rpideploy.remote;

import org.jspecify.annotations.NullMarked;
