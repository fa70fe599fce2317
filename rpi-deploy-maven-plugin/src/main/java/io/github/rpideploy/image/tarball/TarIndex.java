package io.github.rpideploy.image.tarball;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.TarHeader;
import io.github.rpideploy.image.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where each file of a tarball lies, found in one pass over the headers: content is skipped by
 * seeking, so 2 GB take no longer than 2 MB.
 *
 * <p>Whatever a header claims, at most {@value #ENTRY_LIMIT} names and {@value #EXTENSION_LIMIT}
 * bytes of one extension header are held.
 */
final class TarIndex {

  /** An image has at most 127 layers; {@code docker save} needs three entries for each. */
  static final int ENTRY_LIMIT = 4096;

  /** The longest PAX or GNU extension header that is read, in bytes. */
  static final int EXTENSION_LIMIT = 64 * 1024;

  private static final int NAME_LIMIT = 1024;
  private static final char GNU_LONG_NAME = 'L';
  private static final char GNU_LONG_LINK = 'K';
  private static final char GNU_SPARSE = 'S';
  private static final char PAX_GLOBAL = 'g';

  /** Links, devices, directories and pipes have no content, whatever size they state. */
  private static final String WITHOUT_CONTENT = "123456";

  private static final char HARD_LINK = '1';
  private static final char SYMBOLIC_LINK = '2';

  private static final String REGULAR = "0\0" + "7";

  /**
   * A file of the tarball.
   *
   * @param offset where its content begins, in bytes from the start of the tarball
   * @param size of its content in bytes; all of it is there
   */
  record Entry(String name, long offset, long size) {}

  private final TarballFile file;
  private final Map<String, Entry> files = new HashMap<>();
  private final TarLinks links;
  private final Set<String> others = new HashSet<>();

  private @Nullable String nextName;
  private @Nullable String nextLink;
  private long nextSize = -1;

  private TarIndex(TarballFile file) {
    this.file = file;
    this.links = new TarLinks(file.failures());
  }

  /**
   * @throws DeployException when it is not a whole tar archive, or has names that no image has
   */
  static TarIndex of(TarballFile file) throws IOException {
    TarIndex index = new TarIndex(file);
    index.readHeaders();
    return index;
  }

  /**
   * The file of that name, or that a link of that name leads to; empty when there is nothing of
   * that name.
   *
   * @throws DeployException when it is anything else, or a link that leads to no file
   */
  Optional<Entry> find(String name) {
    String plain = plain(name);
    Entry found = files.get(links.follow(plain));
    if (others.contains(plain)) {
      throw file.failures().unusable(Text.shorten(plain) + " in it is not a file");
    }
    if (found == null && links.has(plain)) {
      throw links.leadsNowhere(plain);
    }
    return Optional.ofNullable(found);
  }

  /** The file of that name, which the image needs. */
  Entry require(String name) {
    return find(name)
        .orElseThrow(() -> file.failures().unusable(Text.shorten(name) + " is missing in it"));
  }

  private void readHeaders() throws IOException {
    long position = 0;
    for (int count = 0; ; count++) {
      if (count == ENTRY_LIMIT) {
        throw broken("it has more than " + ENTRY_LIMIT + " entries");
      }
      byte[] block = file.block(position);
      if (TarHeader.isEnd(block)) {
        return;
      }
      TarHeader header = parse(block, position == 0);
      long content = position + TarHeader.BLOCK;
      long size = contentSize(header);
      if (size > file.size() - content) {
        throw broken("it is cut short, or is not a tar archive: " + name(header) + " is not whole");
      }
      add(header, content, size);
      position = content + TarHeader.padded(size);
    }
  }

  private TarHeader parse(byte[] block, boolean first) {
    try {
      return TarHeader.parse(block);
    } catch (TarHeader.Malformed e) {
      throw broken((first ? "it is not a tar archive: " : "it is damaged: ") + e.getMessage());
    }
  }

  private static boolean isExtension(TarHeader header) {
    return header.type() == TarHeader.PAX
        || header.type() == PAX_GLOBAL
        || header.type() == GNU_LONG_NAME
        || header.type() == GNU_LONG_LINK;
  }

  private long contentSize(TarHeader header) {
    if (WITHOUT_CONTENT.indexOf(header.type()) >= 0) {
      return 0;
    }
    return nextSize < 0 || isExtension(header) ? header.size() : nextSize;
  }

  private void add(TarHeader header, long content, long size) throws IOException {
    switch (header.type()) {
      case TarHeader.PAX -> readPax(extension(content, size));
      case GNU_LONG_NAME ->
          nextName = new String(extension(content, size), StandardCharsets.UTF_8).replace("\0", "");
      case GNU_LONG_LINK ->
          nextLink = new String(extension(content, size), StandardCharsets.UTF_8).replace("\0", "");
      // Nothing of an image hangs on a global header.
      case PAX_GLOBAL -> {}
      case GNU_SPARSE -> throw broken("it has sparse entries");
      default -> {
        addEntry(header, new Entry(plain(name(header)), content, size));
        nextName = null;
        nextLink = null;
        nextSize = -1;
      }
    }
  }

  private void addEntry(TarHeader header, Entry entry) {
    String name = name(header);
    requireSafe(name);
    boolean twice = false;
    if (header.type() == HARD_LINK || header.type() == SYMBOLIC_LINK) {
      String target = nextLink == null ? header.link() : nextLink;
      twice = files.containsKey(entry.name());
      // No file has a longer name, so nothing is lost.
      links.add(
          entry.name(),
          target.substring(0, Math.min(target.length(), NAME_LIMIT + 1)),
          header.type() == SYMBOLIC_LINK);
    } else if (REGULAR.indexOf(header.type()) >= 0 && !name.endsWith("/")) {
      twice = files.put(entry.name(), entry) != null || links.has(entry.name());
    } else {
      // Archives of before 1988 mark a directory by the slash at its end only.
      others.add(entry.name());
    }
    if (twice) {
      throw broken("it has " + Text.shorten(name) + " twice");
    }
  }

  private void requireSafe(String name) {
    boolean safe =
        !name.isEmpty()
            && name.length() <= NAME_LIMIT
            && !name.startsWith("/")
            && name.indexOf('\\') < 0
            && name.indexOf('\0') < 0
            && !List.of(name.split("/", -1)).contains("..");
    if (!safe) {
      throw broken("it has an entry with an unsafe name, '" + Text.shorten(name) + "'");
    }
  }

  private String name(TarHeader header) {
    return nextName == null ? header.name() : nextName;
  }

  /** {@code ./manifest.json} and {@code manifest.json} are the same file. */
  static String plain(String name) {
    String rest = name;
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private byte[] extension(long offset, long size) throws IOException {
    if (size > EXTENSION_LIMIT) {
      throw broken("it has an extension header of " + size + " bytes");
    }
    return file.bytes(offset, (int) size);
  }

  /** Records {@code <length> <key>=<value>\n} (POSIX.1-2001, pax); only these three matter. */
  private void readPax(byte[] records) {
    int start = 0;
    while (start < records.length) {
      int space = start;
      while (space < records.length && records[space] != ' ') {
        space++;
      }
      int length = (int) decimal(records, start, space, records.length - start);
      int end = start + length;
      if (length < 5 || space >= end - 1 || records[end - 1] != '\n') {
        throw malformedPax();
      }
      useRecord(new String(records, space + 1, end - space - 2, StandardCharsets.UTF_8));
      start = end;
    }
  }

  private void useRecord(String record) {
    int equals = record.indexOf('=');
    if (equals < 0) {
      throw malformedPax();
    }
    String value = record.substring(equals + 1);
    switch (record.substring(0, equals)) {
      case "path" -> nextName = value;
      case "linkpath" -> nextLink = value;
      case "size" -> {
        byte[] digits = value.getBytes(StandardCharsets.UTF_8);
        nextSize = decimal(digits, 0, digits.length, file.size());
      }
      case "GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size", "GNU.sparse.realsize" ->
          throw broken("it has sparse entries");
      default -> {}
    }
  }

  /** The decimal number in {@code [from, to)}; refused when it is none, or above the limit. */
  private long decimal(byte[] digits, int from, int to, long limit) {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = digits[i] - '0';
      value = value * 10 + digit;
      if (digit < 0 || digit > 9 || value > limit) {
        throw malformedPax();
      }
    }
    if (to <= from) {
      throw malformedPax();
    }
    return value;
  }

  private DeployException malformedPax() {
    return broken("it is damaged or cut short: an extension header makes no sense");
  }

  private DeployException broken(String what) {
    return file.failures().unusable(what);
  }
}
