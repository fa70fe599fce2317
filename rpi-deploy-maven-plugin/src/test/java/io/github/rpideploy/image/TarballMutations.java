package io.github.rpideploy.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Ways to break a tarball, or to make it lie. Each gets a copy that it may change. */
final class TarballMutations {

  private static final List<String> VALUES =
      List.of(
          "null",
          "0",
          "-1",
          "1e999999999",
          "99999999999999999999999",
          "[]",
          "{}",
          "\"\"",
          "true",
          "[null]",
          "[[]]",
          "{\"a\":{}}",
          "\"../../etc/passwd\"",
          "\"/etc/passwd\"",
          "\"sha256:\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "NaN",
          "[1,2,3]",
          "\"linux\"",
          "\"config.json\"",
          "\"sha512:00\"",
          "{\"digest\":1}",
          "'x'",
          "[".repeat(300),
          "{\"a\":".repeat(10_000),
          "9".repeat(200_000),
          "\"" + "a/".repeat(30_000) + "\"",
          "[" + "\"x\",".repeat(6_000) + "0]");

  private TarballMutations() {}

  /** Flips up to eight bits anywhere. */
  static byte[] flipBits(byte[] tar, Random random) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      tar[random.nextInt(tar.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return tar;
  }

  /** Removes, doubles, empties or swaps whole blocks. */
  static byte[] shuffleBlocks(byte[] tar, Random random) {
    List<byte[]> blocks = new ArrayList<>();
    for (int at = 0; at < tar.length; at += TarHeader.BLOCK) {
      blocks.add(Arrays.copyOfRange(tar, at, at + TarHeader.BLOCK));
    }
    int one = random.nextInt(blocks.size());
    int other = random.nextInt(blocks.size());
    switch (random.nextInt(4)) {
      case 0 -> blocks.remove(one);
      case 1 -> blocks.add(one, blocks.get(other));
      case 2 -> blocks.set(one, new byte[TarHeader.BLOCK]);
      default -> Collections.swap(blocks, one, other);
    }
    return join(blocks);
  }

  /** Puts another value in the place of one in a document; the tar stays well-formed. */
  static byte[] replaceJsonValue(byte[] tar, Random random) {
    List<Integer> documents = new ArrayList<>();
    List<Integer> headers = headers(tar);
    for (int header : headers) {
      if (tar[header + TarHeader.BLOCK] == '{' || tar[header + TarHeader.BLOCK] == '[') {
        documents.add(header);
      }
    }
    int header = documents.get(random.nextInt(documents.size()));
    int size = size(tar, header);
    String json = new String(tar, header + TarHeader.BLOCK, size, StandardCharsets.UTF_8);
    List<Integer> starts = new ArrayList<>();
    for (int i = 1; i < json.length(); i++) {
      if (": [,".indexOf(json.charAt(i - 1)) >= 0
          && "\"{[0123456789".indexOf(json.charAt(i)) >= 0) {
        starts.add(i);
      }
    }
    int start = starts.get(random.nextInt(starts.size()));
    String changed =
        json.substring(0, start)
            + VALUES.get(random.nextInt(VALUES.size()))
            + json.substring(endOfValue(json, start));
    return replaceContent(tar, header, changed.getBytes(StandardCharsets.UTF_8));
  }

  private static int endOfValue(String json, int start) {
    boolean quoted = false;
    int depth = 0;
    for (int i = start; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '[' || c == '{')) {
        depth++;
      } else if (!quoted && depth == 0 && ",]}".indexOf(c) >= 0) {
        return i;
      } else if (!quoted && (c == ']' || c == '}')) {
        depth--;
      }
    }
    return json.length();
  }

  /** Puts a hostile value in a header's field, and makes the checksum right. */
  static byte[] spoilHeader(byte[] tar, Random random) {
    List<Integer> headers = headers(tar);
    int header = headers.get(random.nextInt(headers.size()));
    byte[] block = Arrays.copyOfRange(tar, header, header + TarHeader.BLOCK);
    switch (random.nextInt(8)) {
      case 0 -> put(block, 124, "77777777777\0");
      case 1 -> put(block, 124, "-0000000001\0");
      case 2 -> Arrays.fill(block, 124, 136, (byte) 0xff);
      case 3 -> {
        block[124] = (byte) 0x80;
        block[128] = 0x7f;
      }
      case 4 -> put(block, 124, String.format("%011o", random.nextInt(100_000)));
      case 5 -> block[156] = (byte) "0\0001234567xgLKSDVMZ".charAt(random.nextInt(18));
      case 6 -> put(block, 0, "../".repeat(1 + random.nextInt(30)));
      default -> block[random.nextInt(TarHeader.BLOCK)] = (byte) random.nextInt(256);
    }
    TarHeaderTest.fixChecksum(block);
    System.arraycopy(block, 0, tar, header, TarHeader.BLOCK);
    return tar;
  }

  /** Puts extension headers, hostile ones and good ones, before an entry. */
  static byte[] insertExtension(byte[] tar, Random random) {
    List<Integer> headers = headers(tar);
    int at = headers.get(random.nextInt(headers.size()));
    String size = "size=" + size(tar, at);
    List<String> records =
        List.of(
            "12 size=-1\n",
            "99999999999 size=1\n",
            "30 size=99999999999999999999\n",
            "0 path=x\n",
            "-5 path=x\n",
            " \n",
            "x".repeat(70_000),
            (size.length() + 4) + " " + size + "\n",
            "15 path=../../x\n",
            "22 GNU.sparse.major=1\n",
            "17 comment=hello\n",
            "13 path=x\0yz\n",
            "11 path=é\n",
            "9 size=0\n".repeat(4000));
    String record = records.get(random.nextInt(records.size()));
    byte[] content = record.getBytes(StandardCharsets.UTF_8);
    char type = random.nextInt(4) == 0 ? "gLKx".charAt(random.nextInt(4)) : 'x';
    byte[] block = TarHeader.ofFile("PaxHeaders/x", content.length);
    block[156] = (byte) type;
    if (random.nextInt(10) == 0) {
      put(block, 124, "37777777777\0");
    }
    TarHeaderTest.fixChecksum(block);
    List<byte[]> parts = new ArrayList<>();
    parts.add(Arrays.copyOf(tar, at));
    for (int i = random.nextInt(20) == 0 ? 3000 : 1; i > 0; i--) {
      parts.add(block);
      parts.add(Arrays.copyOf(content, (int) TarHeader.padded(content.length)));
      if (content.length > 1000) {
        break;
      }
    }
    parts.add(Arrays.copyOfRange(tar, at, tar.length));
    return join(parts);
  }

  /** Changes one character of a document into another that JSON or a digest could have. */
  static byte[] replaceText(byte[] tar, Random random) {
    List<Integer> headers = new ArrayList<>(headers(tar));
    headers.removeIf(header -> size(tar, header) == 0);
    int header = headers.get(random.nextInt(headers.size()));
    String characters = "{}[]\":,0a\\ \n\0/é-9ntf";
    int at = header + TarHeader.BLOCK + random.nextInt(size(tar, header));
    tar[at] = (byte) characters.charAt(random.nextInt(characters.length()));
    return tar;
  }

  /** Makes a link of an entry, or lets a link lead elsewhere. */
  static byte[] spoilLink(byte[] tar, Random random) {
    List<Integer> headers = headers(tar);
    List<Integer> links = headers.stream().filter(header -> tar[header + 156] == '2').toList();
    boolean any = links.isEmpty() || random.nextInt(4) == 0;
    List<Integer> chosen = any ? headers : links;
    int header = chosen.get(random.nextInt(chosen.size()));
    byte[] block = Arrays.copyOfRange(tar, header, header + TarHeader.BLOCK);
    List<String> targets =
        List.of(
            "/etc/passwd",
            "../../../../etc/passwd",
            "..",
            ".",
            "",
            "manifest.json",
            "../manifest.json",
            "./././" + name(tar, header),
            name(tar, headers.get(random.nextInt(headers.size()))),
            "../" + name(tar, headers.get(random.nextInt(headers.size()))),
            "\u001b[2J");
    block[156] = (byte) "12".charAt(random.nextInt(2));
    Arrays.fill(block, 157, 257, (byte) 0);
    byte[] target =
        targets.get(random.nextInt(targets.size())).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(target, 0, block, 157, Math.min(100, target.length));
    TarHeaderTest.fixChecksum(block);
    System.arraycopy(block, 0, tar, header, TarHeader.BLOCK);
    return tar;
  }

  private static String name(byte[] tar, int header) {
    return new String(tar, header, 100, StandardCharsets.UTF_8).replace("\0", "");
  }

  /** Random bytes, some of which begin like a header. */
  static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(5000)];
    random.nextBytes(noise);
    if (random.nextBoolean() && noise.length >= TarHeader.BLOCK) {
      byte[] block = Arrays.copyOf(noise, TarHeader.BLOCK);
      TarHeaderTest.fixChecksum(block);
      System.arraycopy(block, 0, noise, 0, TarHeader.BLOCK);
    }
    return noise;
  }

  private static byte[] replaceContent(byte[] tar, int header, byte[] content) {
    String name = name(tar, header);
    int end = header + TarHeader.BLOCK + (int) TarHeader.padded(size(tar, header));
    return join(
        List.of(
            Arrays.copyOf(tar, header),
            TarHeader.ofFile(name, content.length),
            Arrays.copyOf(content, (int) TarHeader.padded(content.length)),
            Arrays.copyOfRange(tar, end, tar.length)));
  }

  private static List<Integer> headers(byte[] tar) {
    List<Integer> headers = new ArrayList<>();
    for (int at = 0; tar[at] != 0; at += TarHeader.BLOCK + (int) TarHeader.padded(size(tar, at))) {
      headers.add(at);
    }
    return headers;
  }

  static int size(byte[] tar, int header) {
    return Integer.parseInt(new String(tar, header + 124, 11, StandardCharsets.US_ASCII), 8);
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    parts.forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}
