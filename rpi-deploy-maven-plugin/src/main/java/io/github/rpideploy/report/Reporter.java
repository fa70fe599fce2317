package io.github.rpideploy.report;

/** Receives events as they happen; called from several threads at once. */
@FunctionalInterface
public interface Reporter {

  /**
   * Shows or records one event. Never throws: a deploy or a rollback must not end because somebody
   * could not be told of it.
   */
  void report(Event event);
}
