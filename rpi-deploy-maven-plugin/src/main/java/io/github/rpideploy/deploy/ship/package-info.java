/**
 * Brings images to the Pi: which layers it has, what is sent, and the proof that it arrived. Uses
 * {@code spec}.
 *
 * <p>A <em>candidate</em> is a service and its image tarball, read and checked here; a
 * <em>release</em> is its image under an immutable tag of its own, on its way to the Pi or there; a
 * <em>shipment</em> is the stream that carries some releases.
 */
@NullMarked
package io.github.rpideploy.deploy.ship;

import org.jspecify.annotations.NullMarked;
