package io.github.rpideploy.maven.console;

import io.github.rpideploy.PlainText;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.maven.plugin.logging.Log;

/** Maven's log without control characters: much of what is logged was said by others. */
public final class PlainLog implements Log {

  /** In characters: a stack trace fits. */
  private static final int LONGEST = 20_000;

  private final Log log;
  private final String prefix;

  private PlainLog(Log log, String prefix) {
    this.log = log;
    this.prefix = prefix;
  }

  public static Log of(Log log) {
    return log instanceof PlainLog ? log : new PlainLog(log, "");
  }

  /** One of which every text begins with that. */
  static Log prefixed(Log log, String prefix) {
    return new PlainLog(log, prefix);
  }

  private String plain(CharSequence text) {
    String shown = text.length() <= LONGEST ? text.toString() : text.subSequence(0, LONGEST) + "…";
    return prefix + PlainText.of(shown);
  }

  /** The causes' messages too, so as text: Maven would print those as they are. */
  private String plain(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    return plain(trace.toString());
  }

  private String plain(CharSequence text, Throwable failure) {
    return plain(text) + "\n" + plain(failure);
  }

  @Override
  public boolean isDebugEnabled() {
    return log.isDebugEnabled();
  }

  @Override
  public void debug(CharSequence text) {
    log.debug(plain(text));
  }

  @Override
  public void debug(CharSequence text, Throwable failure) {
    log.debug(plain(text, failure));
  }

  @Override
  public void debug(Throwable failure) {
    log.debug(plain(failure));
  }

  @Override
  public boolean isInfoEnabled() {
    return log.isInfoEnabled();
  }

  @Override
  public void info(CharSequence text) {
    log.info(plain(text));
  }

  @Override
  public void info(CharSequence text, Throwable failure) {
    log.info(plain(text, failure));
  }

  @Override
  public void info(Throwable failure) {
    log.info(plain(failure));
  }

  @Override
  public boolean isWarnEnabled() {
    return log.isWarnEnabled();
  }

  @Override
  public void warn(CharSequence text) {
    log.warn(plain(text));
  }

  @Override
  public void warn(CharSequence text, Throwable failure) {
    log.warn(plain(text, failure));
  }

  @Override
  public void warn(Throwable failure) {
    log.warn(plain(failure));
  }

  @Override
  public boolean isErrorEnabled() {
    return log.isErrorEnabled();
  }

  @Override
  public void error(CharSequence text) {
    log.error(plain(text));
  }

  @Override
  public void error(CharSequence text, Throwable failure) {
    log.error(plain(text, failure));
  }

  @Override
  public void error(Throwable failure) {
    log.error(plain(failure));
  }
}
