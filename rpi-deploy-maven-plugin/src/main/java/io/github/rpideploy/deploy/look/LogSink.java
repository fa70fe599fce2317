package io.github.rpideploy.deploy.look;

import java.util.List;

/** Takes the lines of several logs, from several threads at once. */
public interface LogSink {

  /** Before the first line: the logs that lines may be of. */
  void begin(List<String> names);

  /** A line of a log, without secrets and without its end. */
  void line(String name, String text);
}
