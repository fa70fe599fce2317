package io.github.rpideploy.image;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that a tar program can write and no image tool does, and documents that lie. */
class OddTarballTest {

  private static final int SIZE = 124;
  private static final int TYPE = 156;

  @TempDir private Path directory;

  private static byte[] good() {
    return TestImages.typical("x").dockerBytes();
  }

  /** An entry with that text at a place of its header. */
  private static byte[] entry(String name, char type, String content, int at, byte[] field) {
    byte[] bytes = content.getBytes(UTF_8);
    byte[] block = TarHeader.ofFile(name, bytes.length);
    block[TYPE] = (byte) type;
    System.arraycopy(field, 0, block, at, field.length);
    TarHeaderTest.fixChecksum(block);
    byte[] whole = Arrays.copyOf(block, TarHeader.BLOCK + (int) TarHeader.padded(bytes.length));
    System.arraycopy(bytes, 0, whole, TarHeader.BLOCK, bytes.length);
    return whole;
  }

  private static byte[] entry(String name, char type, String content) {
    return entry(name, type, content, 0, new byte[0]);
  }

  private static byte[] sized(String size) {
    return entry("a", '0', "abc", SIZE, size.getBytes(UTF_8));
  }

  private static byte[] sized(int first, int rest, int last) {
    byte[] size = new byte[12];
    Arrays.fill(size, (byte) rest);
    size[0] = (byte) first;
    size[11] = (byte) last;
    return entry("a", '0', "abc", SIZE, size);
  }

  /** Extension records, each with its right length, and a file after them. */
  private static byte[] pax(char type, String... keysAndValues) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      records.writeBytes(TarHeader.paxRecord(keysAndValues[i], keysAndValues[i + 1]));
    }
    return join(entry("PaxHeaders/a", type, records.toString(UTF_8)), entry("a", '0', "abc"));
  }

  private static byte[] rawPax(String records) {
    return join(entry("PaxHeaders/a", 'x', records), entry("a", '0', "abc"));
  }

  private static byte[] longName(String name) {
    return join(entry("././@LongLink", 'L', name), entry("a", '0', "abc"));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Stream.of(parts).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  private static byte[] many(int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      bytes.writeBytes(TarHeader.ofFile("e" + i, 0));
    }
    return bytes.toByteArray();
  }

  static Stream<Arguments> entries() {
    return Stream.of(
        arguments("an empty file", entry("a", '0', ""), ""),
        arguments("a file of before 1988", entry("a", '\0', "abc", 257, new byte[8]), ""),
        arguments("a contiguous file", entry("a", '7', "abc"), ""),
        arguments("a directory with content", entry("a/", '5', ""), ""),
        arguments(
            "a directory that states a size", entry("a", '5', "", SIZE, b("00000001000")), ""),
        arguments("a link that states a size", entry("a", '2', "", SIZE, b("00000001000")), ""),
        arguments("a device", entry("a", '3', ""), ""),
        arguments("a pipe", entry("a", '6', ""), ""),
        arguments("a type of nobody", entry("a", 'Z', "abc"), ""),
        arguments("a link to everywhere", entry("a", '2', "", 157, b("/etc/passwd")), ""),
        arguments("a link called manifest.json", entry("manifest.json", '2', ""), "twice"),
        arguments("a pipe called config.json", entry("config.json", '6', ""), "is not a file"),
        arguments(
            "a directory called config.json", entry("config.json/", '0', ""), "is not a file"),
        arguments("config.json twice", entry("config.json", '0', "{}"), "twice"),
        arguments("config.json twice, with a dot", entry("././config.json", '0', "{}"), "twice"),
        arguments("an absolute name", entry("/etc/passwd", '0', "abc"), "unsafe name"),
        arguments("a name that goes up", entry("a/../../b", '0', "abc"), "unsafe name"),
        arguments("a name with a backslash", entry("a\\b", '0', "abc"), "unsafe name"),
        arguments("no name", entry("", '0', "abc"), "unsafe name"),
        arguments("a name of a dot", entry("./", '5', ""), ""),
        arguments("a name with an escape", entry("\u001b[2J/..", '0', ""), "unsafe name"),
        arguments("a name that is not UTF-8", entry("a", '0', "", 0, new byte[] {-1, -2}), ""),
        arguments("a size with blanks", sized("          3 "), ""),
        arguments("a size without an end", sized("000000000003"), ""),
        arguments("no size", sized("\0\0\0\0\0\0\0\0\0\0\0\0"), "it is damaged"),
        arguments("a negative size", sized("-0000000003\0"), "size is not a number"),
        arguments("a decimal size", sized("00000000008\0"), "size is not a number"),
        arguments("a size in words", sized("three\0\0\0\0\0\0\0"), "size is not a number"),
        arguments("a size beyond the file", sized("00077777777\0"), "is not whole"),
        arguments("the largest size", sized("777777777777"), "is not whole"),
        arguments("a binary size", sized(0x80, 0, 3), ""),
        arguments("a binary size of all bits", sized(0xff, 0xff, 0xff), "size is not a number"),
        arguments("a negative binary size", sized(0xc0, 0, 1), "size is not a number"),
        arguments("a huge binary size", sized(0x80, 0x7f, 0x7f), "size is not a number"),
        arguments("4096 entries more", many(4096), "more than 4096 entries"),
        arguments("10,000 entries", many(10_000), "more than 4096 entries"),
        arguments("a sparse file", entry("a", 'S', "abc"), "sparse"),
        arguments("a volume label", entry("a", 'V', ""), ""),
        arguments("a dump directory", entry("a", 'D', "abc"), ""),
        arguments("noise", "x".repeat(512).getBytes(UTF_8), "checksum is wrong"));
  }

  static Stream<Arguments> extensions() {
    return Stream.of(
        arguments("a name", pax('x', "path", "b/é"), ""),
        arguments("a name twice", pax('x', "path", "b", "path", "c"), ""),
        arguments("an absolute name", pax('x', "path", "/b"), "unsafe name"),
        arguments("an empty name", pax('x', "path", ""), "unsafe name"),
        arguments("a name with NUL", pax('x', "path", "b\0c"), "unsafe name"),
        arguments("a name of manifest.json", pax('x', "path", "manifest.json"), "twice"),
        arguments("a size", pax('x', "size", "3"), ""),
        arguments("a size that is smaller", pax('x', "size", "0"), "it is damaged"),
        arguments("a negative size", pax('x', "size", "-3"), "makes no sense"),
        arguments("a size of 30 digits", pax('x', "size", "9".repeat(30)), "makes no sense"),
        arguments("a size with a fraction", pax('x', "size", "3.0"), "makes no sense"),
        arguments("no size", pax('x', "size", ""), "makes no sense"),
        arguments("a fraction of a time", pax('x', "mtime", "1.5", "atime", "-1"), ""),
        arguments("an attribute", pax('x', "SCHILY.xattr.user.a", "b=c\nd"), ""),
        arguments("a link", pax('x', "linkpath", "/etc/passwd"), ""),
        arguments("a sparse map", pax('x', "GNU.sparse.map", "0,3"), "sparse"),
        arguments("sparse 1.0", pax('x', "GNU.sparse.major", "1"), "sparse"),
        arguments("a sparse size", pax('x', "GNU.sparse.realsize", "9"), "sparse"),
        arguments("a global name", pax('g', "path", "/b"), ""),
        arguments("64 KiB", pax('x', "comment", "x".repeat(65_500)), ""),
        arguments(
            "more than 64 KiB", pax('x', "comment", "x".repeat(65_600)), "extension header of"),
        arguments("nothing", rawPax(""), ""),
        arguments("a length of 0", rawPax("0 path=b\n"), "makes no sense"),
        arguments("a length too long", rawPax("99 path=b\n"), "makes no sense"),
        arguments("a length too short", rawPax("5 path=b\n"), "makes no sense"),
        arguments("a length of 20 digits", rawPax("9".repeat(20) + " a=b\n"), "makes no sense"),
        arguments("a negative length", rawPax("-9 path=b\n"), "makes no sense"),
        arguments("no length", rawPax(" path=b\n"), "makes no sense"),
        arguments("no key", rawPax("6 abc\n"), "makes no sense"),
        arguments("no line end", rawPax("10 path=bb"), "makes no sense"),
        arguments("a GNU name", longName("b".repeat(200) + "\0"), ""),
        arguments("a GNU name without an end", longName("b".repeat(200)), ""),
        arguments("a GNU name of nothing", longName("\0\0"), "unsafe name"),
        arguments("a GNU name that goes up", longName("../b\0"), "unsafe name"),
        arguments("a GNU name of 2000", longName("b".repeat(2000)), "unsafe name"),
        arguments("a GNU name of 70,000", longName("b".repeat(70_000)), "extension header of"),
        arguments("a GNU link", join(entry("@", 'K', "/etc/passwd"), entry("a", '2', "")), ""),
        arguments("two names", join(longName("b"), pax('x', "path", "c")), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"entries", "extensions"})
  void before_a_good_image(String name, byte[] odd, String complaint) throws Exception {
    check(name, join(odd, good()), complaint);
  }

  private static TestImages image() {
    return TestImages.typical("x");
  }

  private static String layers(int count) {
    String names = String.join(",", Collections.nCopies(count, "\"manifest.json\""));
    return "[{\"Config\":\"config.json\",\"Layers\":[" + names + "]}]";
  }

  private static byte[] manifest(String json) {
    return image().with("manifest.json", json).dockerBytes();
  }

  private static byte[] config(String json) {
    return image().with("config.json", json).dockerBytes();
  }

  static Stream<Arguments> documents() {
    byte[] good = good();
    return Stream.of(
        arguments(
            "an archive without an end", Arrays.copyOf(good, good.length - 10240), "cut short"),
        arguments("noise after the end", join(good, "noise".getBytes(UTF_8)), ""),
        arguments("a second archive after the end", join(good, good), ""),
        arguments("10,000 layers", manifest(layers(10_000)), "10000 layers"),
        arguments("a layer that is the manifest", manifest(layers(3)), ""),
        arguments(
            "a layer of another place", manifest(layers(3).replace("mani", "../mani")), "missing"),
        arguments("9 MB of manifest", manifest(" ".repeat(9 << 20)), "too many for a document"),
        arguments("7 MB of blanks", manifest(" ".repeat(7 << 20)), "is not JSON"),
        arguments("200,000 values", manifest("[" + "1,".repeat(200_000) + "1]"), "100000 values"),
        arguments("deep lists", manifest("[".repeat(5000) + "]".repeat(5000)), "is not JSON"),
        arguments("deep objects", config("{\"a\":".repeat(5000)), "is not JSON"),
        arguments("a byte order mark", manifest("\ufeff" + layers(3)), ""),
        arguments(
            "UTF-16", image().with("config.json", "{}".getBytes(UTF_16)).dockerBytes(), "UTF-8"),
        arguments("a comment", config("// hello\n{}"), "is not JSON"),
        arguments("single quotes", config("{'os':'linux'}"), "is not JSON"),
        arguments("a number", config("7"), "is not an object"),
        arguments("a text", config("\"linux\""), "is not an object"),
        arguments("XML", config("<config/>"), "is not JSON"),
        arguments("YAML", config("os: linux\n"), "is not JSON"),
        arguments("NaN", config("{\"os\":NaN}"), "is not JSON"),
        arguments("a key twice", config("{\"os\":\"linux\",\"os\":\"x\"}"), "is missing"),
        arguments("two documents", config("{}{}"), "is not JSON"),
        arguments("an escape in a text", config("{\"os\":\"\\u001b[2J\"}"), "is missing"),
        arguments("half a character", config("{\"os\":\"\\ud800\"}"), "not JSON: Unpaired"),
        arguments("an empty config", config(""), "is not JSON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void documents(String name, byte[] tarball, String complaint) throws Exception {
    check(name, tarball, complaint);
  }

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }

  private void check(String name, byte[] tarball, String complaint) throws Exception {
    Path file = Files.write(directory.resolve("jib-image.tar"), tarball);
    String said =
        BadInput.read(
                name,
                () -> {
                  try {
                    return TarballReader.read(file).layers().size() + " layers";
                  } catch (DeployException e) {
                    assertThat(complaint).as(name + ": " + e.getMessage()).isNotEmpty();
                    assertThat(e).hasMessageContaining(complaint);
                    throw e;
                  }
                })
            .orElse("");
    assertThat(said).as(name).isEqualTo(complaint.isEmpty() ? "3 layers" : "");
  }
}
