/**
 * The port to the Pi: a {@link io.github.rpideploy.remote.RemoteHost} runs {@link
 * io.github.rpideploy.remote.Command}s and opens sockets as seen from the Pi. What runs there as a
 * {@link io.github.rpideploy.remote.Script} is a file beside the class that sends it. The room has
 * no implementation of the port, and uses no other room.
 */
@NullMarked
package io.github.rpideploy.remote;

import org.jspecify.annotations.NullMarked;
