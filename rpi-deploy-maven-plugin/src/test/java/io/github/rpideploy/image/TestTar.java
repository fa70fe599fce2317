package io.github.rpideploy.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tar archives in memory, by commons-compress: ours are checked against another implementation. */
public final class TestTar {

  /** What stands under a name: a file with its content, or a link with its target. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Entry(byte type, byte[] content, String target) {}

  private TestTar() {}

  public static Entry file(byte[] content) {
    return new Entry(TarConstants.LF_NORMAL, content, "");
  }

  /** A symbolic link. */
  public static Entry link(String target) {
    return new Entry(TarConstants.LF_SYMLINK, new byte[0], target);
  }

  /** Another name of an entry before it. */
  public static Entry hardLink(String target) {
    return new Entry(TarConstants.LF_LINK, new byte[0], target);
  }

  public static Entry directory() {
    return new Entry(TarConstants.LF_DIR, new byte[0], "");
  }

  /** The archive of these entries, in their order, as Jib's tar library writes it. */
  public static byte[] write(Map<String, Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, Entry> each : entries.entrySet()) {
        Entry entry = each.getValue();
        TarArchiveEntry header = new TarArchiveEntry(each.getKey(), entry.type(), true);
        header.setLinkName(entry.target());
        header.setSize(entry.content().length);
        header.setModTime(0);
        tar.putArchiveEntry(header);
        tar.write(entry.content());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The archive's entries in their order. All must be files, each of another name. */
  public static Map<String, byte[]> read(byte[] archive) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        if (!entry.isFile() || entries.put(entry.getName(), tar.readAllBytes()) != null) {
          throw new AssertionError(entry.getName() + " is no file, or is there twice");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }
}
