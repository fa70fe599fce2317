/**
 * Which SSH connection is wanted, and with which settings: what the user configures, what OpenSSH's
 * configuration says, and what results. Uses no other wing of {@code ssh}.
 */
@NullMarked
package io.github.rpideploy.ssh.settings;

import org.jspecify.annotations.NullMarked;
