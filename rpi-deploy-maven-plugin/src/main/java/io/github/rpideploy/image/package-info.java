/**
 * Image tarballs: {@link io.github.rpideploy.image.ImageTarball} reads what Jib's {@code buildTar}
 * wrote, and {@link io.github.rpideploy.image.ArchivePlan} writes the archive that {@code docker
 * load} reads. Layers are never held in memory. The room uses the JDK and Gson: no network, and no
 * other room of ours.
 */
@NullMarked
package io.github.rpideploy.image;

import org.jspecify.annotations.NullMarked;
