/**
 * Deltas: a layer of which the Pi has many files already is made there of these files and of what
 * is sent.
 *
 * <p>{@link io.github.rpideploy.image.delta.LayerFiles} lists the files of a layer; such lists are
 * kept on the Pi, so what is read from there is checked. {@link
 * io.github.rpideploy.image.delta.DeltaPlanner} compares them with the layers that must be sent,
 * and makes a {@link io.github.rpideploy.image.delta.Deltas}. Whether a layer was made well shows
 * when the Engine checks its diffID.
 */
@NullMarked
package io.github.rpideploy.image.delta;

import org.jspecify.annotations.NullMarked;
