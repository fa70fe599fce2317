package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What changes the services of a compose directory. Each step runs to its end whoever watches, and
 * only while the deploy lock is held.
 */
public final class ServiceChanges {

  /** Stopping a service may take its stop grace period, starting it a slow SD card. */
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Until a service that the guard takes back must run, in seconds. */
  private static final int PATIENCE = 120;

  /** How compose ended and the containers: so many are enough to look at, whatever the Pi says. */
  private static final int MOST_LINES = 1 + 100;

  /** How compose ended. */
  private static final Pattern UP = Pattern.compile("up \\d{1,3}");

  private static final Script RECREATE = Script.of(ServiceChanges.class, "recreate.sh");
  private static final Script SETTLE = Script.of(ServiceChanges.class, "settle.sh");
  private static final Script GO_BACK = Script.of(ServiceChanges.class, "go-back.sh");
  private static final Script RESTORE = Script.of(ServiceChanges.class, "restore.sh");

  private final ComposeContext context;
  private final RemoteHost host;
  private final String directory;

  ServiceChanges(ComposeContext context) {
    this.context = context;
    this.host = context.host();
    this.directory = context.directory();
  }

  /**
   * What a service is to run.
   *
   * @param intent how to go back, for the guard; empty when it has been told already
   * @param image a tag or an id
   * @param live the tag that the compose file names
   * @param uses the files and directories of the stack that the service sees, to be noted; null to
   *     keep those that were noted
   * @param beside the containers that go on beside the new ones; empty to replace them
   * @param replicas how many new ones are started beside them
   */
  public record Change(
      String service,
      String intent,
      String image,
      String live,
      @Nullable Collection<String> uses,
      List<String> beside,
      int replicas) {

    /** Keeps a copy. */
    public Change {
      beside = List.copyOf(beside);
    }
  }

  /**
   * Moves the live tag and replaces the container of one service, or starts another one beside it;
   * no other service is touched, nothing is pulled. It is done once even if it is asked for again
   * because the connection was lost. Values are removed from its output.
   *
   * @param untouched is called before this fails because compose was not reached
   * @return how compose ended; the standard output has the ids of the service's containers, without
   *     those beside which they were started
   * @throws DeployException when compose was not reached, and nothing was changed
   */
  public ExecResult recreate(HeldLock lock, Change change, Runnable untouched) {
    Collection<String> uses = change.uses();
    ExecResult result =
        host.exec(
            context
                .script(
                    RECREATE,
                    Command.asPath(directory),
                    lock.file(),
                    lock.token(),
                    UUID.randomUUID().toString(),
                    change.service(),
                    change.intent(),
                    change.image(),
                    change.live(),
                    context.compose().starting(change.beside().isEmpty()),
                    context.compose().listing(),
                    uses == null ? "?" : String.join("\n", uses),
                    String.join(" ", change.beside()),
                    String.valueOf(change.replicas()),
                    context.project().key())
                .detached()
                .within(TIMEOUT));
    List<String> words = result.lines(MOST_LINES);
    String end = words.isEmpty() ? "" : words.get(0);
    if (Set.of("lost", "untagged", "unnoted").contains(end)) {
      untouched.run();
    }
    if (end.equals("lost")) {
      throw lock.lost().get();
    } else if (end.equals("untagged")) {
      throw context.docker().untagged(host, change.image(), change.live(), result);
    } else if (!UP.matcher(end).matches()) {
      throw new DeployException(
          "How to go back cannot be written down in "
              + directory
              + "/.rpi on "
              + host.name()
              + ": "
              + (result.ok() ? result.stderr().strip() : result.describe()),
          change.service() + " was not touched. Check the space there: df -h " + directory);
    }
    return new ExecResult(
        Integer.parseInt(end.substring("up ".length())),
        null,
        words.stream()
            .filter(line -> line.startsWith("container "))
            .map(line -> line.substring("container ".length()) + "\n")
            .collect(Collectors.joining()),
        ComposeComplaint.withoutValues(result.stderr()));
  }

  /**
   * The verdict on services is in: makes durable what they run, and forgets how to go back.
   *
   * @param good the id of the image with which they were proved good; empty when they were not
   * @param proved whether a service was proved good with the present compose file
   * @throws DeployException when the deploy lock was lost, so that the guard may have gone back; or
   *     the Pi cannot do it
   */
  public void settle(HeldLock lock, Collection<String> services, String good, boolean proved) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Command.asPath(directory),
                lock.file(),
                lock.token(),
                context.engine().rootDirectory(),
                proved ? "yes" : "",
                good));
    arguments.addAll(services);
    requireSettled(
        host,
        host.exec(
            Command.script(SETTLE, arguments.toArray(String[]::new)).detached().within(TIMEOUT)),
        lock,
        String.join(", ", services));
  }

  static void requireSettled(RemoteHost host, ExecResult result, HeldLock lock, String services) {
    if (result.stdout().startsWith("lost")) {
      throw lock.lost().get();
    } else if (!result.ok()) {
      throw new DeployException(
          "What "
              + services
              + " runs cannot be made durable on "
              + host.name()
              + ": "
              + result.describe(),
          "Deploy again; look at the services with mvn rpi:status");
    }
  }

  /** What the guard runs in the directory when a deploy ends without a verdict. */
  public List<String> goBack() {
    return context
        .script(
            GO_BACK,
            Inventory.FILE,
            context.engine().rootDirectory(),
            String.valueOf(PATIENCE),
            context.compose().recreating(),
            context.compose().listing(),
            ReleaseScripts.LOADING)
        .argv();
  }

  /**
   * Takes back what was done to the compose file and the files of the stack.
   *
   * @param change {@code CREATED} or {@code REPLACED}, then {@code FILES}
   */
  public ExecResult restore(String change) {
    return host.exec(Command.script(RESTORE, change).in(directory));
  }
}
