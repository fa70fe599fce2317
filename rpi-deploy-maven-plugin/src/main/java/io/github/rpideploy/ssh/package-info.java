/**
 * SSH: implements {@link io.github.rpideploy.remote.RemoteHost} with Apache MINA SSHD, whose types
 * never leave this room. Host keys, identities, the agent, exec channels and the tunnel socket live
 * here; it uses {@code remote} and {@code report}.
 */
@NullMarked
package io.github.rpideploy.ssh;

import org.jspecify.annotations.NullMarked;
