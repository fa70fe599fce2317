package io.github.rpideploy.image.delta;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Where the compressed entries of a jar lie. Two entries with the same checksum and compressed size
 * have the same compressed bytes, unless they were packed by different tools; then the layer's
 * digest shows it.
 */
final class JarEntries {

  /** One with fewer bytes takes less when it is sent than when it is named. */
  private static final long LEAST = 64;

  private static final int MOST_ENTRIES = 500_000;
  private static final int TEXT_LIMIT = 16 * 1024 * 1024;
  private static final int END_LENGTH = 22;
  private static final int HEADER_LENGTH = 46;
  private static final int LOCAL_LENGTH = 30;
  private static final int END = 0x06054b50;
  private static final int HEADER = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final Pattern FILE = Pattern.compile("file ([0-9]{1,6})");
  private static final Pattern ENTRY = Pattern.compile("([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,10})");

  /** What an entry is known by. */
  record Content(long crc, long size) {}

  /** An entry's compressed bytes. */
  record Entry(long offset, Content content) {}

  private JarEntries() {}

  /**
   * The entries of a jar in the order of their places (APPNOTE.TXT 4.3); none of what is no jar.
   */
  static List<Entry> of(byte[] jar) {
    ByteBuffer bytes = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    int end = jar.length - END_LENGTH;
    while (end >= 0 && bytes.getInt(end) != END) {
      end--;
    }
    List<Entry> entries = new ArrayList<>();
    if (end < 0) {
      return entries;
    }
    int count = bytes.getShort(end + 10) & 0xffff;
    long at = bytes.getInt(end + 16) & 0xffffffffL;
    for (; count > 0 && at + HEADER_LENGTH <= end; count--) {
      int header = (int) at;
      if (bytes.getInt(header) != HEADER) {
        break;
      }
      at +=
          HEADER_LENGTH
              + (bytes.getShort(header + 28) & 0xffff)
              + (bytes.getShort(header + 30) & 0xffff)
              + (bytes.getShort(header + 32) & 0xffff);
      long crc = bytes.getInt(header + 16) & 0xffffffffL;
      long size = bytes.getInt(header + 20) & 0xffffffffL;
      long local = bytes.getInt(header + 42) & 0xffffffffL;
      if (size < LEAST || local + LOCAL_LENGTH > end || bytes.getInt((int) local) != LOCAL) {
        continue;
      }
      long offset =
          local
              + LOCAL_LENGTH
              + (bytes.getShort((int) local + 26) & 0xffff)
              + (bytes.getShort((int) local + 28) & 0xffff);
      if (offset + size <= end) {
        entries.add(new Entry(offset, new Content(crc, size)));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::offset));
    return entries;
  }

  /**
   * Reads what the Pi says of the jars that it was asked about; nothing when it makes no sense.
   *
   * @param answer what {@code jar-entries.sh} prints
   * @param sizes of the jars, in the order of the questions
   * @return where each content lies, for each jar
   */
  static List<Map<Content, Long>> parse(byte[] answer, List<Long> sizes) {
    List<Map<Content, Long>> jars = new ArrayList<>();
    sizes.forEach(any -> jars.add(new HashMap<>()));
    int jar = -1;
    int count = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new BoundedReader(
                new InputStreamReader(
                    new GZIPInputStream(new ByteArrayInputStream(answer)),
                    StandardCharsets.US_ASCII),
                TEXT_LIMIT))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher file = FILE.matcher(line);
        Matcher entry = ENTRY.matcher(line);
        if (line.equals("end")) {
          return jars;
        } else if (file.matches() && Integer.parseInt(file.group(1)) < sizes.size()) {
          jar = Integer.parseInt(file.group(1));
        } else if (entry.matches() && jar >= 0 && ++count <= MOST_ENTRIES) {
          long size = Long.parseLong(entry.group(2));
          long offset = Long.parseLong(entry.group(3));
          if (size < LEAST || offset + size > sizes.get(jar)) {
            return List.of();
          }
          jars.get(jar).putIfAbsent(new Content(Long.parseLong(entry.group(1)), size), offset);
        } else {
          return List.of();
        }
      }
      return List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
