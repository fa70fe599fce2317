package io.github.rpideploy.report;

/** Receives what happens, as it happens; called from several threads at once. */
@FunctionalInterface
public interface Reporter {

  /** Takes note of one event. Never throws. */
  void report(Event event);
}
