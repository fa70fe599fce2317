package io.github.rpideploy.deploy.spec;

import io.github.rpideploy.smoke.SmokeTest;
import io.github.rpideploy.smoke.TcpTest;

/** One thing that a recreated service is asked before it counts as good. */
public sealed interface SmokeCheck {

  /** How messages name it; without secrets. */
  String shown();

  /** An HTTP request. */
  record Http(SmokeTest test) implements SmokeCheck {

    @Override
    public String shown() {
      return "GET " + test.url();
    }
  }

  /** A TCP connection. */
  record Tcp(TcpTest test) implements SmokeCheck {

    @Override
    public String shown() {
      return "TCP " + test.address();
    }
  }

  /** A command line for the shell of the container, which is to exit with 0. */
  record InContainer(String command) implements SmokeCheck {

    @Override
    public String shown() {
      // Only the program: what follows may be a password, and so may an assignment before it.
      String program = command.split("\\s", 2)[0];
      return "command " + (program.contains("=") ? "" : program + " ") + "in the container";
    }
  }
}
