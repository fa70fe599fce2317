/**
 * SSH: implements {@link io.github.rpideploy.remote.RemoteHost} with Apache MINA SSHD, whose types
 * never leave this room. A <em>connection</em> is made by a connector (the bytes) and a handshake
 * (host key and login); on it, an <em>execution</em> runs one command on one channel, which takes
 * one of the server's <em>sessions</em>, and a <em>tunnel</em> is a TCP connection that the Pi
 * opens for us. Uses its wings, {@code remote} and {@code report}.
 */
@NullMarked
package io.github.rpideploy.ssh;

import org.jspecify.annotations.NullMarked;
