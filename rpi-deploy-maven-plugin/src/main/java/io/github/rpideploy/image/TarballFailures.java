package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The failures of one tarball, so that each names the file and the goal that builds it again. */
public record TarballFailures(Path tarball) {

  /** The name that Jib gives it by default. */
  private static final String JIBS_NAME = "jib-image.tar";

  private static final Pattern COMPRESSED =
      Pattern.compile("(?:\\.tar)?\\.(?:xz|bz2)$|\\.(?:txz|tbz2?)$", Pattern.CASE_INSENSITIVE);

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+-]+");

  /** What is wrong with it; continues "… cannot be used: ". */
  public DeployException unusable(String what) {
    return new DeployException(
        "The image tarball " + tarball + " cannot be used: " + what, rebuild());
  }

  /**
   * The same, and what to do about it.
   *
   * @param hint instead of building it again
   */
  public DeployException unusable(String what, String hint) {
    return new DeployException("The image tarball " + tarball + " cannot be used: " + what, hint);
  }

  /**
   * All of it is compressed, in a way that is not read.
   *
   * @param program that unpacks it
   */
  public DeployException compressed(String program) {
    String name = String.valueOf(tarball.getFileName());
    String plain = COMPRESSED.matcher(name).replaceFirst(".tar");
    Path unpacked =
        tarball.resolveSibling(
            plain.equals(name) ? name.replaceFirst("\\.tar$", "") + ".unpacked.tar" : plain);
    return new DeployException(
        "The image tarball %s cannot be used: it is compressed with %s, and only gzip and zstd are read"
            .formatted(tarball, program),
        "Unpack it: %s -dc %s > %s\nand name that file: -Drpi.imageTar=%s"
            .formatted(program, quoted(tarball), quoted(unpacked), quoted(unpacked)));
  }

  /** As a POSIX shell takes it. */
  public static String quoted(Path path) {
    String text = path.toString();
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** A layer whose bytes are not the ones that the tarball states. */
  public DeployException damaged(String layer, String what) {
    return new DeployException(
        "The image tarball " + tarball + " is damaged: layer " + Text.shorten(layer) + " " + what,
        rebuild());
  }

  /** Whether it is, by its name, one of Jib's. */
  static boolean isJibs(Path tarball) {
    return String.valueOf(tarball.getFileName()).equals(JIBS_NAME);
  }

  private String rebuild() {
    return isJibs(tarball)
        ? "Build it again: mvn clean package jib:buildTar"
        : "Build it again with the tool that wrote it (with Jib: mvn clean package jib:buildTar)";
  }

  /**
   * Reads a value of the tarball by rules that know nothing of tarballs; failures name this one.
   */
  public <T> T read(Supplier<T> value) {
    try {
      return value.get();
    } catch (DeployException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  /** It is not there. */
  public DeployException missing() {
    return new DeployException(
        "There is no image tarball " + tarball,
        isJibs(tarball)
            ? "Build it: mvn package jib:buildTar\n"
                + "or bind jib:buildTar to the package phase, so that every build makes it."
            : "Build it (with Jib: mvn package jib:buildTar), or name the right file:"
                + " -Drpi.imageTar=target/image.tar");
  }

  /** The file system failed. */
  public DeployException unreadable(IOException cause) {
    return new DeployException(
        "The image tarball " + tarball + " cannot be read: " + cause,
        "Check that the file can be read and that no other build is writing it.",
        cause);
  }
}
