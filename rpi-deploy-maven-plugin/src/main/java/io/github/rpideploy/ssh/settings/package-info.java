/**
 * The settings of an SSH connection. A <em>request</em> is what the user configures, the
 * <em>configuration</em> is what OpenSSH's files add, and the <em>resolution</em> of both gives the
 * <em>settings</em>: one or more <em>routes</em> to the Pi, each with its <em>login</em> (what to
 * authenticate with) and its <em>host trust</em> (which host keys to accept). Uses no other wing of
 * {@code ssh}.
 */
@NullMarked
package io.github.rpideploy.ssh.settings;

import org.jspecify.annotations.NullMarked;
