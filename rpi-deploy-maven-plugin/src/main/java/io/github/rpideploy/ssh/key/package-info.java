/**
 * The keys that a user logs in with. An <em>identity</em> is a key from a text, a file or the
 * ssh-agent, with the certificates for it; an <em>offer</em> is one that the server is asked to
 * accept, in the order that OpenSSH's users expect. Also reads private keys and teaches MINA
 * Ed25519. Uses {@code settings}.
 */
@NullMarked
package io.github.rpideploy.ssh.key;

import org.jspecify.annotations.NullMarked;
