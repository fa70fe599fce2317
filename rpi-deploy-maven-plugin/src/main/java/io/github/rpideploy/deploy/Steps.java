package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a build on one Pi, and what follows when one fails: it is reported, later services
 * are not touched whatever Maven goes on with, and a service that was replaced is rolled back.
 */
final class Steps {

  private final Replacer replacer;
  private final Reporter reporter;

  /** The service that failed first, or the services of the ship that did. */
  private @Nullable String failed;

  Steps(Replacer replacer, Reporter reporter) {
    this.replacer = replacer;
    this.reporter = reporter;
  }

  /**
   * To be called before a step that begins something new.
   *
   * @throws DeployException when a service has failed in this build
   */
  void requireNoFailure(List<String> services) {
    String culprit = failed;
    if (culprit != null) {
      services.forEach(service -> notDeployed(service, culprit));
      throw new DeployException(
          String.join(", ", services) + " is not deployed: " + culprit + " failed before",
          "Fix " + culprit + " first");
    }
  }

  /** Runs a step that touches nothing live, so that a failure leaves nothing to roll back. */
  void run(List<String> services, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      throw failed(services, e);
    }
  }

  /** Runs a step of one service; when it fails, the service is rolled back if it was replaced. */
  void runLive(String service, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      throw replacer.rollBackAfter(failed(List.of(service), e), service);
    }
  }

  /** Runs a step for one after the other; those after one that fails are not touched. */
  <T> void inOrder(List<T> all, Function<T, String> service, Consumer<T> step) {
    for (int i = 0; i < all.size(); i++) {
      T one = all.get(i);
      try {
        step.accept(one);
      } catch (DeployException e) {
        all.subList(i + 1, all.size())
            .forEach(later -> notDeployed(service.apply(later), service.apply(one)));
        throw e;
      }
    }
  }

  private DeployException failed(List<String> services, Throwable e) {
    String names = String.join(", ", services);
    DeployException failure =
        e instanceof DeployException known
            ? known
            : new DeployException(
                names + " failed because of a fault of this plugin: " + e,
                "Run it again with -X and report the stack trace",
                e);
    if (failed == null) {
      failed = names;
    }
    for (String service : services) {
      tell(new Event.Failed(service, failure.getMessage()), failure);
    }
    return failure;
  }

  void notDeployed(String service, String culprit) {
    reporter.report(new Event.NotDeployed(service, culprit + " failed before it"));
  }

  /** A reporter that fails too must not hide the failure or prevent the rollback. */
  private void tell(Event event, DeployException failure) {
    try {
      reporter.report(event);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
