package io.github.rpideploy.it.lab;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Users of a Pi in a box, real deploys as one of them, and the table of what was seen. */
public final class LabUsers {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          init: true
      """;

  private final Lab pi;
  private final Path directory;
  private final Path compose;
  private final TestService service = new TestService("auth-server");
  private final List<String> rows = new ArrayList<>();
  private int versions;

  public LabUsers(Lab pi, Path directory) throws Exception {
    this.pi = pi;
    this.directory = directory;
    this.compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
  }

  /** Makes a user who may log in with the lab's key. */
  public void add(String name, String shell, String... groups) throws Exception {
    pi.asRoot(
        """
        useradd --create-home --shell %2$s --groups '%3$s' --password '*' %1$s
        cp -r /home/pi/.ssh /home/%1$s/
        chown -R %1$s:%1$s /home/%1$s/.ssh\
        """
            .formatted(name, shell, String.join(",", groups)));
  }

  /**
   * Deploys a release that nobody has deployed before; it is verified when this returns.
   *
   * @return what happened
   */
  public List<Event> deploy(RemoteHost host, boolean sudo) {
    List<Event> events = new ArrayList<>();
    Candidate candidate = service.candidate(directory, "version " + ++versions);
    try (Deployer deployer =
        Deployers.connect(
            host,
            new Stack("rpi/session", compose, sudo),
            events::add,
            InstantSource.system(),
            Pause.SLEEP)) {
      deployer.deploy(List.of(candidate));
    }
    if (events.stream().noneMatch(Event.Recreated.class::isInstance)
        || events.stream().noneMatch(Event.Verified.class::isInstance)) {
      throw new AssertionError("nothing was deployed: " + events);
    }
    return events;
  }

  /** Notes a case that was as it should be. */
  public void row(String what, String outcome) {
    rows.add("| " + what + " | " + outcome.lines().findFirst().orElse("") + " |");
  }

  public void print(String title) {
    System.out.println("| " + title + " | seen |\n| --- | --- |");
    rows.forEach(System.out::println);
  }
}
