package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import java.util.function.Predicate;

/**
 * The Pi, as long as a service is being replaced there: a connection that is lost meanwhile is made
 * again, and the command that it was lost in is run once more. So each command that a service is
 * replaced and verified with may be run twice: it asks, or the Pi knows that it has been done.
 *
 * <p>What reads standard input or streams its output is not run again: a part has been passed on.
 */
public final class SteadyHost extends WrappedHost {

  private final RemoteHost host;
  private volatile Predicate<DeployException> comeBack = failure -> false;
  private int connection;

  /**
   * @param host the connection, for as long as it lasts
   */
  public SteadyHost(RemoteHost host) {
    super(host);
    this.host = host;
  }

  /**
   * Says what to do when a command fails.
   *
   * @param way makes the connection again when that failure is its end, and returns whether it did
   */
  public void whenLost(Predicate<DeployException> way) {
    comeBack = way;
  }

  /** The connection without all this: for the deploy lock, which comes back in its own way. */
  public RemoteHost plain() {
    return host;
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    int used = connection();
    try {
      return super.exec(command, stdin);
    } catch (DeployException e) {
      if (command.lasting() || stdin != Stdin.EMPTY || !isBack(used, e)) {
        throw e;
      }
      return super.exec(command, stdin);
    }
  }

  private synchronized int connection() {
    return connection;
  }

  /** Another thread may have come back in the meantime. */
  private synchronized boolean isBack(int used, DeployException failure) {
    if (connection == used && comeBack.test(failure)) {
      connection++;
    }
    return connection != used;
  }
}
