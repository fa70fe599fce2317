package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshNode;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From one SSH server on to another one, that is: to a node of a swarm by its manager. */
@Timeout(60)
class OnwardTest {

  private static final KeyPair OF_THE_NODE = Keys.ed25519();

  @TempDir Path home;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Pi manager = Pi.running();
  private final Pi node = Pi.prepared().hostKeys(OF_THE_NODE).start();
  private SshConnection connection;
  private SshNode attic = SshNode.SAME.at("attic");

  /** The name of the node is for the SSH configuration, which has its port. */
  @BeforeEach
  void connected_to_the_manager() {
    connection = manager.connect(home);
    Keys.write(
        home.resolve("config"),
        "Host attic\n  HostName 127.0.0.1\n  Port " + node.port() + "\n  User somebody\n");
  }

  @AfterEach
  void close() {
    connection.close();
    node.close();
    manager.close();
  }

  private SshRequest request() {
    return manager.request(home).withConfig(home.resolve("config").toString());
  }

  private RemoteHost onward() {
    return connection.onTo(attic, request(), events::add, SecretPrompt.NOBODY);
  }

  private void trusted() {
    Path known = home.resolve("known_hosts");
    manager.request(home);
    Keys.write(known, Keys.text(known) + node.knownHosts(OF_THE_NODE));
  }

  /** {@link Pi#request} writes the file anew. */
  private RemoteHost trustedOnward() {
    SshRequest request = request();
    trusted();
    return connection.onTo(attic, request, events::add, SecretPrompt.NOBODY);
  }

  @Test
  void commands_run_on_the_other_machine_by_the_first_with_its_user_and_key() {
    RemoteHost there = trustedOnward();

    assertThat(there.exec(Command.of("echo", "here")).stdout()).isEqualTo("here\n");
    assertThat(there.name()).isEqualTo("pi@127.0.0.1:" + node.port());
    assertThat(node.offered()).isEqualTo(manager.offered());
    assertThat(events.stream().filter(Event.Connected.class::isInstance))
        .singleElement()
        .extracting(event -> ((Event.Connected) event).host())
        .isEqualTo(there.name() + " through " + connection.name());
    assertThat(node.server().getActiveSessions()).hasSize(1);

    assertThat(trustedOnward()).as("the connection is there already").isSameAs(there);
    assertThat(node.server().getActiveSessions()).hasSize(1);
  }

  @Test
  void what_it_says_itself_goes_before_what_the_first_has_and_the_SSH_configuration() {
    KeyPair own = Keys.ed25519();
    node.authorized(own);
    attic =
        new SshNode(
            "127.0.0.1", node.port(), "me", Keys.openSsh(home.resolve("id_attic"), own, null));

    RemoteHost there = trustedOnward();

    assertThat(there.exec(Command.of("echo", "here")).stdout()).isEqualTo("here\n");
    assertThat(there.name()).isEqualTo("me@127.0.0.1:" + node.port());
    assertThat(node.offered())
        .as("its own key first")
        .first()
        .isEqualTo(SshKey.of(own.getPublic()));
    assertThat(manager.offered()).doesNotContain(SshKey.of(own.getPublic()));
  }

  @Test
  void two_machines_of_one_address_are_told_apart() {
    RemoteHost there = trustedOnward();
    attic = new SshNode("attic", null, "me", null);

    assertThat(trustedOnward()).isNotSameAs(there);
    assertThat(trustedOnward().name()).isEqualTo("me@127.0.0.1:" + node.port());
  }

  @Test
  void a_machine_whose_host_key_is_not_known_is_refused_before_anything_is_sent() {
    DeployException failure = catchThrowableOfType(DeployException.class, this::onward);

    assertThat(failure)
        .hasMessageStartingWith("The host key of 127.0.0.1:" + node.port())
        .hasMessageContaining("is not known");
    assertThat(failure.hint())
        .as("this machine cannot reach it, so ssh-keyscan is of no help")
        .contains("echo '" + node.knownHosts(OF_THE_NODE).strip() + "' >> ")
        .doesNotContain("ssh-keyscan");
    assertThat(node.offered()).isEmpty();
  }

  @Test
  void a_key_that_is_pinned_for_the_first_is_not_that_of_the_other() {
    SshRequest pinned = request().withHostKeys(List.of("SHA256:" + "A".repeat(43)));
    trusted();

    RemoteHost there = connection.onTo(attic, pinned, events::add, SecretPrompt.NOBODY);

    assertThat(there.exec(Command.of("true")).ok()).isTrue();
  }

  @Test
  void a_machine_that_does_not_take_the_key_says_so() {
    node.authorized(Keys.ed25519());

    assertThatThrownBy(this::trustedOnward)
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("127.0.0.1:" + node.port());
    assertThat(node.offered()).isNotEmpty();
  }

  @Test
  void a_first_one_that_forbids_the_way_is_named() {
    manager.withoutForwarding();

    assertThatThrownBy(this::trustedOnward)
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith(
            "Cannot reach 127.0.0.1:" + node.port() + " through " + connection.name() + ": ");
  }

  @Test
  void a_connection_that_was_lost_is_made_again() {
    RemoteHost there = trustedOnward();
    node.cut();
    assertThatThrownBy(() -> there.exec(Command.of("true"))).isInstanceOf(DeployException.class);

    assertThat(trustedOnward().exec(Command.of("echo", "again")).stdout()).isEqualTo("again\n");
  }

  @Test
  void so_is_one_that_was_lost_with_the_first() {
    RemoteHost there = trustedOnward();
    manager.cut();
    assertThatThrownBy(() -> there.exec(Command.of("true"))).isInstanceOf(DeployException.class);

    assertThat(connection.reconnect()).isTrue();

    assertThat(trustedOnward().exec(Command.of("echo", "again")).stdout()).isEqualTo("again\n");
  }

  @Test
  void it_ends_with_the_first() {
    RemoteHost there = trustedOnward();

    connection.close();

    assertThatThrownBy(() -> there.exec(Command.of("true"))).isInstanceOf(DeployException.class);
  }
}
