package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.TarHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a layer lie in its uncompressed archive.
 *
 * @param layer the digest of the whole: its diffID
 * @param size of the whole, in bytes
 * @param spans where the files lie that are not very small, in their order
 * @param unusable the paths of those that an archive of a container may show otherwise
 */
record LayerIndex(Digest layer, long size, List<Span> spans, Set<String> unusable) {

  /** A file and where its content begins. */
  record Span(long offset, LayerFile file) {}

  private static final char GNU_LONG_NAME = 'L';
  private static final char GNU_LONG_LINK = 'K';
  private static final char PAX_GLOBAL = 'g';
  private static final char HARD_LINK = '1';
  private static final String REGULAR = "0\0" + "7";
  private static final String WITHOUT_CONTENT = "123456";

  /** The length is not looked at: a value with a line break in it is refused, or cut short. */
  private static final Pattern PAX_RECORD =
      Pattern.compile("[0-9]{1,6} ([^=\n]{1,200})=([^\n]*)\n");

  /** What is known of so many files takes 20 MB of memory. */
  private static final int MOST_FILES = 50_000;

  private static final int EXTENSION_LIMIT = 64 * 1024;
  private static final int BUFFER_SIZE = 64 * 1024;

  LayerIndex {
    spans = List.copyOf(spans);
    unusable = Set.copyOf(unusable);
  }

  /**
   * Reads a layer to its end.
   *
   * @throws IOException when it is not a tar archive such as build tools write
   */
  static LayerIndex read(InputStream tar) throws IOException {
    return new Reading(tar).index();
  }

  /** What can be listed of the layer: of a path that it has twice, the last. */
  LayerFiles list() {
    Map<String, LayerFile> files = new LinkedHashMap<>();
    for (Span span : spans) {
      LayerFile file = span.file();
      if (LayerFile.isUsable(file.path(), file.size()) && !unusable.contains(file.path())) {
        files.put(file.path(), file);
      }
    }
    // The largest are worth most.
    return new LayerFiles(
        layer,
        files.values().stream()
            .sorted(Comparator.comparingLong(LayerFile::size).reversed())
            .limit(LayerFiles.MOST_FILES)
            .toList());
  }

  private static final class Reading {

    private final InputStream tar;
    private final MessageDigest whole = Digest.sha256();
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private final List<Span> spans = new ArrayList<>();
    private final Set<String> unusable = new HashSet<>();
    private long position;
    private String name = "";
    private String link = "";
    private long size = -1;

    Reading(InputStream tar) {
      this.tar = tar;
    }

    LayerIndex index() throws IOException {
      byte[] block = block();
      while (!TarHeader.isEnd(block)) {
        entry(block);
        block = block();
      }
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        whole.update(buffer, 0, n);
        position += n;
      }
      return new LayerIndex(Digest.finish(whole), position, spans, unusable);
    }

    private void entry(byte[] block) throws IOException {
      TarHeader header = header(block);
      switch (header.type()) {
        case TarHeader.PAX -> readPax(extension(header.size()));
        case GNU_LONG_NAME -> name = text(extension(header.size())).replace("\0", "");
        case GNU_LONG_LINK -> link = text(extension(header.size())).replace("\0", "");
        case PAX_GLOBAL -> extension(header.size());
        default -> {
          content(header, block);
          name = "";
          link = "";
          size = -1;
        }
      }
    }

    private void content(TarHeader header, byte[] block) throws IOException {
      String path = path(name.isEmpty() ? header.name() : name);
      long length =
          WITHOUT_CONTENT.indexOf(header.type()) >= 0 ? 0 : size < 0 ? header.size() : size;
      long offset = position;
      boolean listed = REGULAR.indexOf(header.type()) >= 0 && length >= LayerFile.LEAST;
      MessageDigest digest = Digest.sha256();
      copy(length, digest);
      copy(TarHeader.padded(length) - length, null);
      if (spans.size() + unusable.size() > MOST_FILES) {
        throw new IOException("it has too many files");
      }
      if (listed) {
        spans.add(new Span(offset, new LayerFile(path, length, Digest.finish(digest))));
      } else if (header.type() == HARD_LINK) {
        unusable.add(path);
        unusable.add(path(link.isEmpty() ? linkName(block) : link));
      }
    }

    private static TarHeader header(byte[] block) throws IOException {
      try {
        return TarHeader.parse(block);
      } catch (TarHeader.Malformed e) {
        throw new IOException(e);
      }
    }

    private byte[] block() throws IOException {
      return bytes(TarHeader.BLOCK);
    }

    private byte[] bytes(int length) throws IOException {
      byte[] bytes = tar.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("it ends too early");
      }
      whole.update(bytes);
      position += length;
      return bytes;
    }

    private void copy(long length, @Nullable MessageDigest digest) throws IOException {
      for (long left = length; left > 0; ) {
        int count = tar.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException("it ends too early");
        }
        whole.update(buffer, 0, count);
        if (digest != null) {
          digest.update(buffer, 0, count);
        }
        position += count;
        left -= count;
      }
    }

    private byte[] extension(long length) throws IOException {
      if (length > EXTENSION_LIMIT) {
        throw new IOException("it has an extension header of " + length + " bytes");
      }
      byte[] content = bytes((int) length);
      copy(TarHeader.padded(length) - length, null);
      return content;
    }

    /** Records {@code <length> <key>=<value>} and a line break (POSIX.1-2001, pax). */
    private void readPax(byte[] records) throws IOException {
      String text = text(records);
      Matcher record = PAX_RECORD.matcher(text);
      int end = 0;
      while (record.find() && record.start() == end) {
        end = record.end();
        switch (record.group(1)) {
          case "path" -> name = record.group(2);
          case "linkpath" -> link = record.group(2);
          case "size" -> size = size(record.group(2));
          default -> {
            if (record.group(1).startsWith("GNU.sparse")) {
              throw new IOException("it has sparse entries");
            }
          }
        }
      }
      if (end < text.length()) {
        throw new IOException("an extension header makes no sense");
      }
    }

    private static long size(String digits) throws IOException {
      if (!digits.matches("[0-9]{1,15}")) {
        throw new IOException("an extension header states no size");
      }
      return Long.parseLong(digits);
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String linkName(byte[] block) {
      return text(Arrays.copyOfRange(block, 157, 257)).replaceFirst("\0.*", "");
    }

    private static String path(String name) {
      return "/" + name.replaceFirst("^(?:\\./|/)+", "");
    }
  }
}
