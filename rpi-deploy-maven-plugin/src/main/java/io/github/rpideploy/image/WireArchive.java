package io.github.rpideploy.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * An archive as it goes over the wire. A small one is compressed as a whole, which {@code docker
 * load} takes on every Engine: most of it is JSON and tar padding. A large one is mostly layers
 * that are compressed already; it goes as it is, while it is made.
 */
public final class WireArchive {

  /**
   * Up to here an archive is compressed, in memory: 1 MiB. Above it, compressing takes longer than
   * a home uplink needs for the few kilobytes that it saves.
   */
  private static final int SMALL = 1024 * 1024;

  /** What writes it. */
  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private final long bytes;
  private final Content content;

  private WireArchive(long bytes, Content content) {
    this.bytes = bytes;
    this.content = content;
  }

  /**
   * Makes the archive ready to be sent; a small one is read here already.
   *
   * @throws io.github.rpideploy.DeployException when a tarball is damaged, has changed or cannot be
   *     read
   */
  public static WireArchive of(ArchivePlan plan) {
    if (plan.bytes() > SMALL) {
      return new WireArchive(plan.bytes(), plan::writeTo);
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      plan.writeTo(gzip);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    if (compressed.size() >= plan.bytes()) {
      return new WireArchive(plan.bytes(), plan::writeTo);
    }
    return new WireArchive(compressed.size(), compressed::writeTo);
  }

  /** Exactly as many bytes as {@link #writeTo} writes. */
  public long bytes() {
    return bytes;
  }

  /** Writes and flushes it as {@link ArchivePlan#writeTo} does; the stream is not closed. */
  public void writeTo(OutputStream out) throws IOException {
    content.writeTo(out);
    out.flush();
  }
}
