package io.github.rpideploy.image;

/** How the bytes of a layer are compressed in the tarball. */
public enum Compression {
  /** Not compressed: the blob digest is the diffID. */
  NONE("application/vnd.oci.image.layer.v1.tar"),
  /** RFC 1952; what Jib writes. */
  GZIP("application/vnd.oci.image.layer.v1.tar+gzip"),
  /** RFC 8878; Docker Engine 20.10 cannot load it. */
  ZSTD("application/vnd.oci.image.layer.v1.tar+zstd");

  /** How many bytes {@link #sniff} looks at. */
  public static final int MAGIC_LENGTH = 4;

  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int ZSTD_MAGIC = 0x28b52ffd;

  private final String mediaType;

  Compression(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The layer's media type in an OCI manifest (OCI image specification, layer.md). */
  public String mediaType() {
    return mediaType;
  }

  /**
   * Recognises a blob by its first bytes, as Docker does: Jib declares every layer of an OCI
   * tarball as gzip, even the zstd layers of a base image.
   */
  public static Compression sniff(byte[] start) {
    if (start.length < MAGIC_LENGTH) {
      return NONE;
    }
    int first = (start[0] & 0xff) << 8 | (start[1] & 0xff);
    int second = (start[2] & 0xff) << 8 | (start[3] & 0xff);
    if (first == GZIP_MAGIC) {
      return GZIP;
    }
    return (first << 16 | second) == ZSTD_MAGIC ? ZSTD : NONE;
  }
}
