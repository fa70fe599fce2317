package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the guard on the Pi knows of the services that are being replaced: how each goes back if
 * nobody tells the verdict. From the first change of a service until its verdict there is an
 * intent: a file in {@code .rpi/intents} of the compose directory, named as the service.
 */
final class Intents {

  private final StackContext context;
  private final Supplier<HeldLock> lock;
  private final Supplier<Origin> origin;

  /** By service; also asked by the thread that ends an interrupted build. */
  private final Map<String, Replacement> open = new ConcurrentSkipListMap<>();

  /** Whether the present compose file is a new one, and was good for a service. */
  private boolean fileProved;

  /**
   * @param lock the deploy lock, which is held when something is replaced
   * @param origin what the history says about where the deploy came from
   */
  Intents(StackContext context, Supplier<HeldLock> lock, Supplier<Origin> origin) {
    this.context = context;
    this.lock = lock;
    this.origin = origin;
  }

  /** The deploy lock. */
  HeldLock lock() {
    return lock.get();
  }

  /**
   * The intent of a service that is about to be replaced. Empty when the user wants a failed
   * release to stay, or has deployed the service before in this build and knows no verdict yet.
   */
  String open(Replacement replacement) {
    if (replacement.release().spec().policy().rollback() == Policy.Rollback.NONE
        || open.putIfAbsent(replacement.service(), replacement) != null) {
      return "";
    }
    return text(replacement);
  }

  /** The services that have an intent. */
  Set<String> open() {
    return Set.copyOf(open.keySet());
  }

  /** What the user is told of the services that have an intent when this deploy ends now. */
  List<String> whenInterrupted() {
    return open.values().stream()
        .map(
            one ->
                one.service() + " was recreated and not verified. " + RollbackReport.promise(one))
        .toList();
  }

  private String text(Replacement replacement) {
    Replacement.Back back = replacement.back();
    String release = replacement.release().tag().familiar();
    Origin from = origin.get();
    return String.join(
        "\n",
        back == null ? "" : back.image(),
        replacement.release().live().familiar(),
        context.directory().change(),
        line(from, replacement, Outcome.ROLLED_BACK, back == null ? null : back.name()),
        line(from, replacement, Outcome.FAILED, null),
        release,
        replacement.goesBackToTheOldOnes() ? String.join(" ", replacement.beside()) : "");
  }

  private static String line(
      Origin from, Replacement replacement, Outcome outcome, @Nullable String runs) {
    String named = replacement.named();
    return History.lineOfGuard(
        from,
        outcome,
        new History.Service(
            replacement.service(),
            replacement.release().tag().familiar(),
            replacement.image(),
            Outcome.FAILED,
            null,
            named.isEmpty() ? null : named,
            runs));
  }

  /** A service was found good as it is, with the present compose file. */
  void unchanged() {
    fileProved |= context.directory().isReplaced();
  }

  /**
   * A service is good, so it stays; or it is back, and verified.
   *
   * @param image the id of the image with which it is good
   * @param proved whether it is good with the compose file of this build
   * @throws DeployException when the guard has been faster, or the Pi cannot make it durable
   */
  void settle(String service, String image, boolean proved) {
    if (open.containsKey(service)) {
      context.orchestrator().settle(lock(), List.of(service), image, proved);
      open.remove(service);
      fileProved &= !proved;
    }
  }

  /**
   * The new containers of a service are good, so they stay; the old ones go.
   *
   * @param image the id of the image with which they are good
   * @return what went wrong with the old ones
   * @throws DeployException as {@link #settle}
   */
  List<String> retire(Replacement replacement, String image) {
    List<String> wrong =
        context
            .orchestrator()
            .retire(
                lock(),
                replacement.service(),
                image,
                replacement.release().spec().policy().strategy(),
                replacement.beside());
    open.remove(replacement.service());
    fileProved = false;
    return wrong;
  }

  /**
   * A service could not be taken back. The guard keeps the intent, if there is one, and tries once
   * more when the deploy has ended: the Engine may answer again by then.
   */
  void leaveToTheGuard(String service) {
    open.remove(service);
  }

  /** The deploy ends in order, so that whatever runs now stays. Never throws. */
  void settleAll() {
    if (open.isEmpty() && !fileProved) {
      return;
    }
    try {
      context.orchestrator().settle(lock(), open.keySet(), "", fileProved);
    } catch (RuntimeException e) {
      context
          .reporter()
          .report(
              new Event.Warning(
                  "The Pi may take back what this deploy has changed, because it cannot be told"
                      + " that the deploy has ended: "
                      + Objects.requireNonNullElse(e.getMessage(), e.toString())));
    } finally {
      open.clear();
      fileProved = false;
    }
  }
}
