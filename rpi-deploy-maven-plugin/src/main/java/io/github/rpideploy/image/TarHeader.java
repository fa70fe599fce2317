package io.github.rpideploy.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * One 512-byte header of a tar archive (POSIX.1-1988 ustar, with GNU's base-256 numbers), read and
 * written.
 *
 * <p>No library does both: reading must be bounded whatever a header claims, and writing must be
 * predictable to the byte.
 *
 * @param name as it stands in the archive
 * @param type the type flag
 * @param size bytes of content that the header states, 0 or more
 * @param link where a link leads, as it stands in the archive; empty for anything else
 */
public record TarHeader(String name, char type, long size, String link) {

  /** A tar archive consists of blocks of this many bytes. */
  public static final int BLOCK = 512;

  static final char FILE = '0';

  /** The type flag of a header that says more about the next one (POSIX.1-2001, pax). */
  public static final char PAX = 'x';

  /** The largest size that eleven octal digits hold: 8 GiB less one byte. */
  static final long LARGEST_PLAIN_SIZE = 0_77777777777L;

  private static final int NAME_LENGTH = 100;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPE_OFFSET = 156;
  private static final int LINK_OFFSET = 157;
  private static final int MAGIC_OFFSET = 257;
  private static final int PREFIX_OFFSET = 345;
  private static final int PREFIX_LENGTH = 155;

  /** "ustar" and NUL: POSIX. GNU's own format has a space there, and no name prefix. */
  private static final byte[] POSIX_MAGIC = {'u', 's', 't', 'a', 'r', 0};

  /** A block that is no tar header; the message says why. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** One that is no link. */
  TarHeader(String name, char type, long size) {
    this(name, type, size, "");
  }

  /** Reads one block that is not {@linkplain #isEnd the end}. */
  public static TarHeader parse(byte[] block) throws Malformed {
    long checksum = number(block, CHECKSUM_OFFSET, CHECKSUM_LENGTH).orElse(-1);
    if (checksum != checksum(block)) {
      throw new Malformed("a header's checksum is wrong");
    }
    long size =
        number(block, SIZE_OFFSET, SIZE_LENGTH)
            .orElseThrow(() -> new Malformed("an entry's size is not a number from 0"));
    String name = text(block, 0, NAME_LENGTH);
    boolean posix =
        Arrays.equals(block, MAGIC_OFFSET, MAGIC_OFFSET + POSIX_MAGIC.length, POSIX_MAGIC, 0, 6);
    String prefix = posix ? text(block, PREFIX_OFFSET, PREFIX_LENGTH) : "";
    char type = (char) (block[TYPE_OFFSET] & 0xff);
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        type,
        size,
        text(block, LINK_OFFSET, NAME_LENGTH));
  }

  /** Whether a block is one of the two empty ones that end an archive. */
  public static boolean isEnd(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The content's size rounded up to whole blocks. */
  public static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /**
   * The block, or for 8 GiB and more the three blocks, that come before a file's content. Owner,
   * mode and time are always the same.
   */
  public static byte[] ofFile(String name, long size) {
    if (size <= LARGEST_PLAIN_SIZE) {
      return new TarHeader(name, FILE, size).format();
    }
    byte[] record = paxRecord("size", Long.toString(size));
    byte[] blocks = new byte[3 * BLOCK];
    byte[] pax = new TarHeader("PaxHeaders/size", PAX, record.length).format();
    System.arraycopy(pax, 0, blocks, 0, BLOCK);
    System.arraycopy(record, 0, blocks, BLOCK, record.length);
    // The plain size is overridden by the record before it, so it only has to be readable.
    System.arraycopy(new TarHeader(name, FILE, 0).format(), 0, blocks, 2 * BLOCK, BLOCK);
    return blocks;
  }

  /** One record of a PAX header: its own length in decimal, a space, {@code key=value}, newline. */
  static byte[] paxRecord(String key, String value) {
    byte[] rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
    int length = rest.length + 1;
    while (length != rest.length + Integer.toString(length).length()) {
      length = rest.length + Integer.toString(length).length();
    }
    byte[] record =
        Arrays.copyOf(Integer.toString(length).getBytes(StandardCharsets.UTF_8), length);
    System.arraycopy(rest, 0, record, length - rest.length, rest.length);
    return record;
  }

  private byte[] format() {
    byte[] encodedName = name.getBytes(StandardCharsets.UTF_8);
    if (encodedName.length > NAME_LENGTH) {
      throw new IllegalArgumentException("names of our archives are short: " + name);
    }
    byte[] block = new byte[BLOCK];
    System.arraycopy(encodedName, 0, block, 0, encodedName.length);
    put(block, 100, "0000644");
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, SIZE_OFFSET, String.format("%011o", size));
    put(block, 136, "00000000000");
    block[TYPE_OFFSET] = (byte) type;
    System.arraycopy(POSIX_MAGIC, 0, block, MAGIC_OFFSET, POSIX_MAGIC.length);
    put(block, MAGIC_OFFSET + POSIX_MAGIC.length, "00");
    put(block, CHECKSUM_OFFSET, String.format("%06o", checksum(block)) + "\0 ");
    return block;
  }

  private static void put(byte[] block, int offset, String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  /** The sum of all bytes, those of the checksum itself counted as spaces. */
  private static long checksum(byte[] block) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      sum += own ? ' ' : block[i] & 0xff;
    }
    return sum;
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.UTF_8);
  }

  /** An octal number, or GNU's base-256 form; empty when it is neither, or negative. */
  private static OptionalLong number(byte[] block, int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      return base256(block, offset, length);
    }
    // Writers pad with leading spaces and end with NUL or space, or do not end at all.
    String digits =
        new String(block, offset, length, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    if (digits.isEmpty()) {
      return OptionalLong.of(0);
    }
    return digits.chars().allMatch(c -> c >= '0' && c <= '7')
        ? OptionalLong.of(Long.parseLong(digits, 8))
        : OptionalLong.empty();
  }

  private static OptionalLong base256(byte[] block, int offset, int length) {
    long value = block[offset] & 0x7f;
    for (int i = 1; i < length; i++) {
      if (value >> (Long.SIZE - Byte.SIZE - 1) != 0) {
        return OptionalLong.empty();
      }
      value = value << Byte.SIZE | (block[offset + i] & 0xff);
    }
    return OptionalLong.of(value);
  }
}
