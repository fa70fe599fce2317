/**
 * Whether a host key is trusted. It is when it is <em>pinned</em>, or when a known_hosts file has
 * it or the <em>authority</em> that signed its certificate; a <em>revoked</em> key never is. Has
 * the messages for a key that is not. Uses {@code key} and {@code settings}.
 */
@NullMarked
package io.github.rpideploy.ssh.hostkey;

import org.jspecify.annotations.NullMarked;
