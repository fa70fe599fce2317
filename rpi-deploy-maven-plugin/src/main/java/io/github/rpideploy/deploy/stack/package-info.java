/**
 * The compose project's directory on the Pi: its compose file, and the lock that lets one deploy at
 * a time change it. Uses {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.stack;

import org.jspecify.annotations.NullMarked;
