package io.github.rpideploy.deploy.look;

import java.util.List;

/** Takes the lines of several logs, from several threads at once. */
public interface LogSink {

  /** Called before the first line, with the names of all logs. */
  void begin(List<String> names);

  /** A line of a log, without secrets and without its line end. */
  void line(String name, String text);
}
