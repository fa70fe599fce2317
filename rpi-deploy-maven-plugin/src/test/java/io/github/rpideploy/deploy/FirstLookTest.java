package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FirstLookTest {

  private static final Stack STACK = new Stack("rpi/services", null, false);

  private final List<Command> asked = new ArrayList<>();
  private final ScriptedPi pi = new ScriptedPi("services: {auth-server: {image: auth-server}}\n");
  private final WrappedHost counted =
      new WrappedHost(pi) {
        @Override
        public ExecResult exec(Command command, Stdin stdin) {
          asked.add(command);
          return super.exec(command, stdin);
        }
      };
  private long nanos;

  @Test
  void the_Pi_is_asked_once_for_what_a_deploy_begins_with() {
    FirstLook look = look();

    connect(look, STACK);

    assertThat(asked).hasSize(1);
  }

  @Test
  void the_answer_is_given_once() {
    FirstLook look = look();
    connect(look, STACK);

    connect(look, STACK);

    assertThat(asked).hasSize(2);
  }

  @Test
  void an_answer_that_is_old_is_asked_for_again() {
    FirstLook look = look();
    nanos += TimeUnit.SECONDS.toNanos(10) + 1;

    connect(look, STACK);

    assertThat(asked).hasSize(2);
  }

  @Test
  void it_is_no_answer_to_another_question() {
    FirstLook look = look();

    connect(look, new Stack("rpi/other", null, false));

    assertThat(asked).hasSize(2);
  }

  private FirstLook look() {
    return FirstLook.at(counted, STACK, () -> nanos);
  }

  private static void connect(FirstLook look, Stack stack) {
    look.connect(
            stack,
            new BuildContext(
                new LockRequest("", Duration.ZERO, Duration.ofSeconds(30)),
                Deployers.OTHERS,
                () -> Origin.UNKNOWN,
                LayerCompression.none(),
                event -> {},
                InstantSource.system(),
                Pause.SLEEP))
        .close();
  }
}
