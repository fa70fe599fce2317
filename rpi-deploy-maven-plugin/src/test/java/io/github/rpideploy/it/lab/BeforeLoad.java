package io.github.rpideploy.it.lab;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import org.jspecify.annotations.Nullable;

/** A command that is run on the Pi just before a load, once. */
public final class BeforeLoad {

  private @Nullable Runnable action;

  public void once(Lab pi, String commandLine) {
    action =
        () -> {
          try {
            pi.ssh(commandLine);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
  }

  /** The same Pi, on which it is run. */
  public RemoteHost on(RemoteHost host) {
    return new WrappedHost(host) {
      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        Runnable now = action;
        if (now != null && command.argv().get(2).contains("load --quiet")) {
          action = null;
          now.run();
        }
        return super.exec(command, stdin);
      }
    };
  }
}
