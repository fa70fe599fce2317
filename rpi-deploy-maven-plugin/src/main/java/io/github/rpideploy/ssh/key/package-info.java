/**
 * The keys a user logs in with: key files, the agent, certificates, and the order in which they are
 * offered. Uses {@code settings}.
 */
@NullMarked
package io.github.rpideploy.ssh.key;

import org.jspecify.annotations.NullMarked;
