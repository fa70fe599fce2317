package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The containers of a service that go on beside new ones: they go when those are proved good, and
 * serve alone again when they are not.
 */
public final class OldContainers {

  /** How long the command may take that drains a container. */
  private static final Duration DRAINING = Duration.ofMinutes(1);

  private static final Script RETIRE = Script.of(OldContainers.class, "retire.sh");
  private static final Script WITHDRAW = Script.of(OldContainers.class, "withdraw.sh");

  private final ComposeContext context;
  private final RemoteHost host;
  private final String directory;

  OldContainers(ComposeContext context) {
    this.context = context;
    this.host = context.host();
    this.directory = context.directory();
  }

  /**
   * The containers that a service had before the new ones were started beside them.
   *
   * @param ids of them
   * @param seconds how long they go on before they are told to stop
   * @param command what is run in each before that; empty for nothing
   */
  public record Retiring(List<String> ids, long seconds, String command) {

    /** Keeps a copy. */
    public Retiring {
      ids = List.copyOf(ids);
    }
  }

  /**
   * The new containers of a service are proved good: settles that as {@link ServiceChanges#settle}
   * does, drains the old ones, and removes them.
   *
   * @return what went wrong with the old ones, in words; the service is good whatever it says
   * @throws DeployException as {@link ServiceChanges#settle}
   */
  public List<String> retire(
      HeldLock lock, String service, String good, boolean proved, Retiring old) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                lock.file(),
                lock.token(),
                context.engine().rootDirectory(),
                proved ? "yes" : "",
                good,
                service,
                String.valueOf(old.seconds()),
                old.command(),
                String.valueOf(DRAINING.toSeconds())));
    arguments.addAll(old.ids());
    ExecResult result =
        host.exec(
            Command.script(RETIRE, context.docker().forScript(arguments.toArray(String[]::new)))
                .detached()
                .within(ServiceChanges.TIMEOUT.plusSeconds(old.seconds())));
    ServiceChanges.requireSettled(host, result, lock, service);
    List<String> wrong = new ArrayList<>();
    for (String line : result.stdout().lines().toList()) {
      if (line.startsWith("undrained ")) {
        wrong.add("rpi.drain failed in container " + line.substring("undrained ".length()));
      } else if (line.startsWith("left ")) {
        String[] words = line.split(" ", 3);
        String said = words.length < 3 ? "" : words[2].strip();
        wrong.add(
            "container "
                + words[1]
                + " could not be removed: "
                + ComposeComplaint.lostProcess(said).orElse(said));
      }
    }
    return wrong;
  }

  /**
   * Lets the old containers of a service serve alone again, and removes the new ones.
   *
   * @param image the id of that which the old ones run
   * @param live the tag that the compose file names
   * @param old their ids
   * @return whether they do; false when they do not run any more, and nothing was changed
   * @throws DeployException when the lock was lost, or the Engine does not do it
   */
  public boolean withdraw(
      HeldLock lock, String service, String image, String live, List<String> old) {
    ExecResult result =
        host.exec(
            context
                .script(
                    WITHDRAW,
                    Command.asPath(directory),
                    lock.file(),
                    lock.token(),
                    service,
                    image,
                    live,
                    String.join(" ", old),
                    context.compose().listing())
                .detached()
                .within(ServiceChanges.TIMEOUT));
    String end = result.stdout().strip();
    switch (end) {
      case "lost" -> throw lock.lost().get();
      case "untagged" -> throw context.docker().untagged(host, image, live, result);
      case "unserved" -> {
        return false;
      }
      case "withdrawn" -> {
        return true;
      }
      default -> throw stuck(service, result);
    }
  }

  private DeployException stuck(String service, ExecResult result) {
    String said =
        result.stdout().startsWith("stuck ")
            ? result.stdout().substring("stuck ".length()).strip()
            : result.describe();
    return new DeployException(
        "The new container of "
            + service
            + " cannot be removed on "
            + host.name()
            + ": "
            + ComposeComplaint.lostProcess(said).orElse(said),
        "See what runs: mvn rpi:status");
  }
}
