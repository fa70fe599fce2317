package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.LocalStack;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The question with which every deploy begins, asked before the answer is needed. It changes
 * nothing on the Pi. The answer is given once, to exactly that question, while it is fresh; every
 * other question goes to the Pi.
 */
public final class FirstLook {

  /** As long as what the probe saw run is believed. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final LongSupplier nanos;
  private final Map<Command, Answer> answers = new ConcurrentHashMap<>();
  private final RemoteHost host;

  private record Answer(ExecResult result, long asked) {}

  private FirstLook(RemoteHost host, LongSupplier nanos) {
    this.nanos = nanos;
    this.host =
        new WrappedHost(host) {
          @Override
          public ExecResult exec(Command command, Stdin stdin) {
            Answer known = answers.remove(command);
            return known != null && nanos.getAsLong() - known.asked() <= FRESH.toNanos()
                ? known.result()
                : super.exec(command, stdin);
          }
        };
  }

  /**
   * Looks.
   *
   * @throws DeployException as {@link Deployer#connect}
   */
  public static FirstLook at(RemoteHost host, Stack stack) {
    return at(host, stack, System::nanoTime);
  }

  static FirstLook at(RemoteHost host, Stack stack, LongSupplier nanos) {
    FirstLook look = new FirstLook(host, nanos);
    Probe.of(look.remembering(host), stack.directory(), LocalStack.of(stack).given(), stack.sudo());
    return look;
  }

  private RemoteHost remembering(RemoteHost host) {
    return new WrappedHost(host) {
      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        long asked = nanos.getAsLong();
        ExecResult result = super.exec(command, stdin);
        answers.put(command, new Answer(result, asked));
        return result;
      }
    };
  }

  /**
   * Connects without asking the Pi for it once more.
   *
   * @throws DeployException as {@link Deployer#connect}
   */
  public Deployer connect(Stack stack, BuildContext build) {
    return Deployer.connect(host, stack, build);
  }
}
