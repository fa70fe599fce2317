package io.github.rpideploy.report;

/**
 * One thing that was looked at.
 *
 * @param name what it is: {@code clock}, {@code memory cgroup}
 * @param level how it is
 * @param finding what was found, one or more lines
 * @param mend what to do about it, one or more lines; empty when there is nothing to do
 */
public record Check(String name, Level level, String finding, String mend) {

  /** How it is. */
  public enum Level {
    /** As it should be. */
    PASS,
    /** A deploy works, but something may go wrong. */
    WARN,
    /** A deploy does not work. */
    FAIL,
    /** Not looked at, because something before it failed. */
    NOT_CHECKED
  }

  /** It is as it should be. */
  public static Check pass(String name, String finding) {
    return new Check(name, Level.PASS, finding, "");
  }

  /** It deserves attention. */
  public static Check warn(String name, String finding, String mend) {
    return new Check(name, Level.WARN, finding, mend);
  }

  /** A deploy would fail by it. */
  public static Check fail(String name, String finding, String mend) {
    return new Check(name, Level.FAIL, finding, mend);
  }

  /** It was not looked at. */
  public static Check notChecked(String name) {
    return new Check(name, Level.NOT_CHECKED, "", "");
  }
}
