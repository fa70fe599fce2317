/**
 * Images. {@link io.github.rpideploy.image.ImageTarball} is one in a tarball on disk; {@link
 * io.github.rpideploy.image.ArchivePlan} plans the archive for {@code docker load}, and {@link
 * io.github.rpideploy.image.WireArchive} writes it.
 *
 * <p>The words: a <em>layer</em> is known by its <em>diffID</em>, the digest of its uncompressed
 * content; a <em>blob</em> is the bytes that it is kept or sent as. A <em>thin</em> archive leaves
 * out the layers that the Pi has. A layer is <em>recompressed</em> with zstd when that makes it
 * smaller, and kept in the <em>layer cache</em>.
 *
 * <p>Layers are never held in memory. The room uses the JDK, Gson and zstd-jni: no network, and no
 * other room of ours.
 */
@NullMarked
package io.github.rpideploy.image;

import org.jspecify.annotations.NullMarked;
