/**
 * Brings images to the Pi: which layers it has, what is sent, and the proof that it arrived. Uses
 * {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.ship;

import org.jspecify.annotations.NullMarked;
