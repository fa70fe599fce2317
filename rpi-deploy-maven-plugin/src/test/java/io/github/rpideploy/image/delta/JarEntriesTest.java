package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.PosixShell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JarEntriesTest {

  private static final String RELEASE = "auth-server:rpi-1";

  @TempDir Path home;

  @Test
  void an_entry_is_where_it_unpacks_to_what_its_checksum_states() throws Exception {
    byte[] jar = jar(1);

    List<JarEntries.Entry> entries = JarEntries.of(jar);

    assertThat(entries).hasSize(40);
    for (JarEntries.Entry entry : entries) {
      Inflater inflater = new Inflater(true);
      inflater.setInput(jar, (int) entry.offset(), (int) entry.content().size());
      byte[] content = new byte[10_000];
      int length = inflater.inflate(content);
      assertThat(inflater.finished()).isTrue();
      inflater.end();
      CRC32 crc = new CRC32();
      crc.update(content, 0, length);
      assertThat(entry.content().crc()).isEqualTo(crc.getValue());
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_pi_finds_the_same(Interpreter interpreter) throws Exception {
    DeltaPi pi = new DeltaPi(PosixShell.DASH, home, interpreter);
    Map<String, byte[]> files = new HashMap<>();
    files.put("/app/libs/a.jar", jar(1));
    files.put("/app/libs/no.jar", new byte[50_000]);
    files.put("/app/libs/z.jar", jar(2));
    pi.put(RELEASE, files);
    String questions =
        "0 %d libs/z.jar\n0 50000 libs/no.jar\n0 %d libs/a.jar\n"
            .formatted(jar(2).length, jar(1).length);

    byte[] answer = pi.entries(List.of(new Deltas.OldDirectory(RELEASE, "/app/libs")), questions);

    List<Long> sizes = List.of((long) jar(2).length, 50_000L, (long) jar(1).length);
    assertThat(JarEntries.parse(answer, sizes))
        .containsExactly(places(jar(2)), Map.of(), places(jar(1)));
  }

  private static Map<JarEntries.Content, Long> places(byte[] jar) {
    Map<JarEntries.Content, Long> places = new HashMap<>();
    JarEntries.of(jar).forEach(entry -> places.put(entry.content(), entry.offset()));
    return places;
  }

  @Test
  void whatever_a_jar_states_its_entries_are_in_it() throws Exception {
    Random random = new Random(Long.getLong("fuzz.seed", 1));
    byte[] good = jar(1);
    int found = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bad =
          Arrays.copyOf(good, random.nextBoolean() ? good.length : random.nextInt(good.length));
      for (int j = 0; j < 30 && bad.length > 0; j++) {
        int tail = Math.min(bad.length, 3_000);
        bad[bad.length - 1 - random.nextInt(tail)] = (byte) random.nextInt(256);
      }
      for (JarEntries.Entry entry : JarEntries.of(bad)) {
        assertThat(entry.offset() + entry.content().size()).isLessThanOrEqualTo(bad.length);
        assertThat(entry.offset()).isNotNegative();
        found++;
      }
    }
    assertThat(found).isPositive();
  }

  @Test
  void an_answer_that_makes_no_sense_is_none() throws Exception {
    List<Long> sizes = List.of(1000L);
    assertThat(JarEntries.parse(gzip("file 0\n1 100 900\nend\n"), sizes))
        .containsExactly(Map.of(new JarEntries.Content(1, 100), 900L));
    for (String bad :
        List.of(
            "",
            "file 0\n1 100 900\n",
            "file 1\n1 100 900\nend\n",
            "1 100 900\nend\n",
            "file 0\n1 100 901\nend\n",
            "file 0\n1 63 900\nend\n",
            "file 0\n1 -100 900\nend\n",
            "file 0\n1 100\nend\n",
            "file 0\n99999999999 100 900\nend\n",
            "file 0\n" + "1 100 900\n".repeat(500_001) + "end\n")) {
      assertThat(JarEntries.parse(gzip(bad), sizes))
          .as(bad.substring(0, Math.min(40, bad.length())))
          .isEmpty();
    }
    assertThat(JarEntries.parse(new byte[0], sizes)).isEmpty();
    assertThat(JarEntries.parse(new byte[] {1, 2, 3}, sizes)).isEmpty();
  }

  private static byte[] jar(int seed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setComment("a comment");
      for (int i = 0; i < 40; i++) {
        ZipEntry entry = new ZipEntry("io/github/Class" + i);
        entry.setTime(i);
        entry.setExtra(new byte[] {1, 2, 4, 0, 9, 9, 9, (byte) i});
        zip.putNextEntry(entry);
        byte[] content = new byte[1000 + i];
        new Random(seed * 100L + i).nextBytes(content);
        Arrays.fill(content, 0, 500, (byte) 1);
        zip.write(content);
      }
      zip.putNextEntry(new ZipEntry("small"));
      zip.write(1);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }
}
