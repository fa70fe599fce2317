package io.github.rpideploy.it.faults;

import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import java.nio.file.Path;

/** What replaces the services, and all that is different because of it. */
interface Way {

  /** Whether a fault at a point means anything. */
  boolean takes(Fault fault, Point point);

  /** Whether a bad release would go back at a point, because something live is changed. */
  boolean isLive(Point point);

  /** Makes a new Pi ready for it. */
  void prepare(Lab pi) throws Exception;

  /** Makes the images of a service. */
  TestService service(String name) throws Exception;

  /** The compose file of auth-server and other-server, with a place for a comment at its end. */
  String compose();

  /** The stack of a compose file. */
  Stack stack(String directory, Path composeFile);

  /** How one service of it is replaced. */
  Strategy strategy();

  /** The label of a service's containers. */
  String label(String service);

  /**
   * Functions for the Pi's shell: {@code of SERVICE} prints the ids of the containers that there
   * are to be one of, {@code live} the id of the image that is to run, and {@code answers} fails
   * until a deploy can be answered.
   */
  String shell();

  /**
   * Whether a service goes on as it should after its Engine was restarted.
   *
   * @param before its container's id, start and state
   * @param now the same
   */
  boolean isUndisturbed(String before, String now);
}
