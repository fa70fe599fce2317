package io.github.rpideploy.image;

/**
 * One layer of an image, lying in a tarball.
 *
 * @param diffId the digest of the uncompressed layer, as the image's config states it
 * @param blobDigest the digest of the bytes in the tarball, as the tarball states it; checked only
 *     when the layer is sent
 * @param size how many bytes the layer takes in the tarball
 * @param compression recognised by the first bytes
 * @param entry the name of the layer's entry in the tarball
 * @param offset where in the tarball the layer's first byte is
 */
public record Layer(
    Digest diffId,
    Digest blobDigest,
    long size,
    Compression compression,
    String entry,
    long offset) {

  /** The layer as it lies in its tarball. */
  public Blob blob() {
    return new Blob(blobDigest, size, compression);
  }
}
