/**
 * Whether a host key is trusted: known_hosts files, pinned keys, and the messages when it is not.
 * Uses {@code key} and {@code settings}.
 */
@NullMarked
package io.github.rpideploy.ssh.hostkey;

import org.jspecify.annotations.NullMarked;
