package io.github.rpideploy.deploy;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.image.TestTar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** What a Pi may say of its Engine, of compose and of images. */
final class AnswerTricks {

  static final String ESCAPES = "\033]52;c;eA==\007\u009b2J[INFO]BUILD-SUCCESS\0";

  private static final int DEEP = 100_000;

  /** Not those of keep-file-lists.sh. */
  private static final String LISTS = " file-lists.sh";

  private static final String JARS = "jar-entries.sh";

  private AnswerTricks() {}

  static void addTo(Tricks tricks) {
    engine(tricks);
    compose(tricks);
    images(tricks);
    deltas(tricks);
  }

  private static void engine(Tricks tricks) {
    fine(tricks, "a version of escape sequences", "probe.sh", of("26.1.5", ESCAPES));
    fine(tricks, "a version of 200 kB", "probe.sh", of("26.1.5", "9".repeat(200_000)));
    fine(tricks, "a graph driver of escape sequences", "probe.sh", of("overlay2", ESCAPES));
    fine(tricks, "JSON that is nested 100,000 deep", "probe.sh", status("[".repeat(DEEP)));
    fine(tricks, "JSON that does not end", "probe.sh", status("[\"a\","));
    bad(tricks, "an answer without an end", (truth, out) -> endless(out, "server 1 linux arm64\n"));
    bad(tricks, "no answer", (truth, out) -> {});
    bad(
        tricks,
        "an exit status of compose of 999",
        text(truth -> truth.replaceFirst("(?s)config 0.*", "config 999\n" + ESCAPES)));
    fine(
        tricks,
        "unsettled services of escape sequences",
        "probe.sh",
        before("unsettled " + ESCAPES));
  }

  private static void compose(Tricks tricks) {
    yaml(tricks, "YAML that is nested 100,000 deep", "services: " + "[".repeat(DEEP));
    yaml(tricks, "YAML that is nested 100,000 maps deep", "services: " + "{a: ".repeat(DEEP));
    yaml(tricks, "a billion laughs in an image", bomb("services: {auth-server: {image: *z}}"));
    yaml(
        tricks,
        "a billion laughs in a dependency",
        bomb("services: {auth-server: {image: auth-server, depends_on: [*z]}}"));
    yaml(
        tricks,
        "a billion laughs in a limit",
        bomb("services: {auth-server: {image: auth-server, mem_limit: *z}}"));
    yaml(tricks, "a billion laughs in a name", bomb("services: {? *z : {image: auth-server}}"));
    yaml(
        tricks,
        "a billion laughs in a port",
        bomb("services: {auth-server: {image: auth-server, ports: [{published: *z}, *z]}}"));
    yaml(tricks, "an image within itself", "services: {auth-server: {image: &a {b: [*a]}}}");
    yaml(tricks, "services within themselves", "services: &a {b: *a, auth-server: *a}");
    yaml(
        tricks,
        "a service twice",
        "services: {a: {image: b, environment: {P: " + Tricks.SECRET + "}}, a: {image: c}}");
    yaml(tricks, "a Java object", "services: {a: !!javax.script.ScriptEngineManager [x]}");
    yaml(tricks, "escape sequences in place of YAML", ESCAPES + ": [");
    yaml(tricks, "a service whose name is a path", "services: {/../../evil: {image: b}}");
    yaml(tricks, "a service whose name is an option", "services: {--rm: {image: b}}");
    yaml(tricks, "a service without an end", "services: {a: {image: \"" + "x".repeat(4 << 20));
    yaml(
        tricks,
        "an integer of a million digits",
        "services: {auth-server: {mem_limit: " + "9".repeat(900_000) + "}}");
    yaml(
        tricks,
        "twenty thousand services",
        IntStream.range(0, 20_000)
            .mapToObj(i -> "  s" + i + ": {}\n")
            .collect(joiningAfter("services:\n")));
    bad(tricks, "hashes without an end", "hash", (truth, out) -> endless(out, "a b\nc d\n"));
  }

  private static void images(Tricks tricks) {
    String id = "0".repeat(64);
    fine(
        tricks,
        "images whose names are paths, options and commands",
        "probe.sh",
        before("image " + id + " ../../x -v $(reboot) auth-server:latest\nimage -v -v\nimage x y"));
    fine(
        tricks,
        "images of other images",
        "probe.sh",
        before("image =0 =999999 =1\nnote =5 x\nnote " + id + " " + id + " 9n crc00000000"));
    fine(
        tricks,
        "more space than there is",
        "probe.sh",
        before("space 999999999999999 /\nspace -1 /"));
    bad(tricks, "images without an end", (truth, out) -> endless(out, "image " + id + " a\n"));
    bad(tricks, "no space", text(before("space 0 /var/lib/docker")));
    bad(tricks, "a load that says nothing", "load.sh", (truth, out) -> {});
    bad(tricks, "a load of other images", "load.sh", text(of("auth-server:", "evil:")));
    bad(
        tricks,
        "a proof of another image",
        "load.sh",
        text(truth -> truth.replaceAll("sha256:[0-9a-f]{8}", "sha256:00000000")));
    bad(
        tricks,
        "a failed load of a megabyte",
        "load.sh",
        text(truth -> "loaded 1 " + ESCAPES.repeat(40_000)));
    bad(tricks, "a load without an end", "load.sh", (truth, out) -> endless(out, "loaded 0 x\n"));
    fine(tricks, "a load of exit status 1e9", "load.sh", truth -> "loaded 1000000000 x\n" + truth);
  }

  private static void deltas(Tricks tricks) {
    delta(tricks, "lists of files without an end", LISTS, (truth, out) -> endless(out, "a list\n"));
    delta(tricks, "no lists of files", LISTS, (truth, out) -> {});
    delta(tricks, "lists of files of 9 MB", LISTS, (truth, out) -> out.write(new byte[9 << 20]));
    delta(
        tricks,
        "a list of files that unpacks to 300 MB",
        LISTS,
        (truth, out) -> list(out, truth, much("files 1 " + truth.substring(0, 64) + "\n")));
    delta(
        tricks,
        "a list of files in other places",
        LISTS,
        (truth, out) -> list(out, truth, otherPlaces(truth.substring(0, 64))));
    delta(tricks, "entries of jars without an end", JARS, (truth, out) -> endless(out, "file 0\n"));
    delta(tricks, "no entries of jars", JARS, (truth, out) -> {});
    delta(
        tricks,
        "entries of jars that unpack to 300 MB",
        JARS,
        (truth, out) -> out.write(much("file 0\n")));
    delta(
        tricks,
        "entries of jars that are everywhere",
        JARS,
        (truth, out) -> out.write(gzip("file 0\n5 60000 0\n7 1000 59000\n-1 -1 -1\nend\n", 0)));
    delta(
        tricks,
        "kept lists without an end",
        "keep-file-lists.sh",
        (truth, out) -> endless(out, "off\n"));
    tricks.refused(
        "a load of a delta that says nothing",
        home -> new LyingPi(home).lie("load-delta.sh", (truth, out) -> {}).shipMoreJars());
    delta(
        tricks,
        "a load of a delta that failed with escape sequences",
        "load-delta.sh",
        text(truth -> "loaded 1 " + ESCAPES + "\n" + truth));
  }

  /** The list of a layer. */
  private static void list(OutputStream out, String truth, byte[] content) throws IOException {
    out.write(TestTar.write(Map.of(truth.substring(0, 64), TestTar.file(content))));
  }

  private static byte[] otherPlaces(String layer) throws IOException {
    String content = "0".repeat(64);
    return gzip(
        "files 1 %s\n%s 60000 /proc/../etc/shadow\n%s 60000 /dev/zero\nend\n"
            .formatted(layer, content, content),
        0);
  }

  private static byte[] much(String begin) throws IOException {
    return gzip(begin, 300 << 20);
  }

  private static byte[] gzip(String begin, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(begin.getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 20];
      for (int left = zeros; left > 0; left -= block.length) {
        gzip.write(block);
      }
    }
    return bytes.toByteArray();
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joiningAfter(String start) {
    return Collectors.joining("", start, "");
  }

  /** Three to the power of sixteen laughs: more aliases are not allowed. */
  private static String bomb(String rest) {
    StringBuilder yaml = new StringBuilder("a: &a [lol, lol, lol]\n");
    for (char c = 'b'; c <= 'p'; c++) {
      char before = (char) (c - 1);
      yaml.append("%s: &%s [*%s, *%s, *%s]\n".formatted(c, c, before, before, before));
    }
    return yaml.append("z: &z [*p]\n").append(rest).append("\n").toString();
  }

  private static UnaryOperator<String> of(String from, String to) {
    return truth -> truth.replace(from, to);
  }

  private static UnaryOperator<String> before(String lines) {
    return truth -> lines + "\n" + truth;
  }

  private static UnaryOperator<String> status(String json) {
    return truth -> truth.replaceFirst("status .*", "status " + json + "io.containerd.snapshotter");
  }

  static LyingPi.Lie text(UnaryOperator<String> lie) {
    return (truth, out) -> out.write(lie.apply(truth).getBytes(StandardCharsets.UTF_8));
  }

  static void endless(OutputStream out, String text) throws IOException {
    byte[] much = text.repeat(100_000 / text.length()).getBytes(StandardCharsets.UTF_8);
    while (true) {
      out.write(much);
    }
  }

  private static void yaml(Tricks tricks, String name, String yaml) {
    bad(tricks, name, text(truth -> truth.replaceFirst("(?s)\nservices:.*", "") + "\n" + yaml));
  }

  private static void fine(Tricks tricks, String name, String word, UnaryOperator<String> lie) {
    tricks.harmless(name, home -> new LyingPi(home).lie(word, lie).deploy());
  }

  private static void delta(Tricks tricks, String name, String word, LyingPi.Lie lie) {
    tricks.harmless(name, home -> new LyingPi(home).lie(word, lie).shipMoreJars());
  }

  private static void bad(Tricks tricks, String name, LyingPi.Lie lie) {
    bad(tricks, name, "probe.sh", lie);
  }

  private static void bad(Tricks tricks, String name, String word, LyingPi.Lie lie) {
    tricks.refused(name, home -> new LyingPi(home).lie(word, lie).deploy());
  }
}
