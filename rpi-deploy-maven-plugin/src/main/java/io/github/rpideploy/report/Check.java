package io.github.rpideploy.report;

/**
 * The result of one check of a Pi.
 *
 * @param name what was checked: {@code clock}, {@code memory cgroup}
 * @param finding what was found, one or more lines
 * @param fix what to do about it, one or more lines; empty when there is nothing to do
 */
public record Check(String name, Level level, String finding, String fix) {

  /** How good the result is. */
  public enum Level {
    /** As it should be. */
    PASS,
    /** A deploy works, but something may go wrong. */
    WARN,
    /** A deploy does not work. */
    FAIL,
    /** Not checked, because something before it failed. */
    NOT_CHECKED
  }

  /** A check that found everything as it should be. */
  public static Check pass(String name, String finding) {
    return new Check(name, Level.PASS, finding, "");
  }

  /** A check that found something that may go wrong. */
  public static Check warn(String name, String finding, String fix) {
    return new Check(name, Level.WARN, finding, fix);
  }

  /** A check that found why a deploy would fail. */
  public static Check fail(String name, String finding, String fix) {
    return new Check(name, Level.FAIL, finding, fix);
  }

  /** A check that was not made. */
  public static Check notChecked(String name) {
    return new Check(name, Level.NOT_CHECKED, "", "");
  }
}
