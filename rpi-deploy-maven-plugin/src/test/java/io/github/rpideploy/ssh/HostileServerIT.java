package io.github.rpideploy.ssh;

import io.github.rpideploy.Tricks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** An SSH server that wants more than to run our commands. */
class HostileServerIT {

  private static final int HEAP = 64;

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> no_trick_of_a_server_succeeds() throws Exception {
    return Tricks.inSmallJvm(HostileServerIT.class, HEAP, directory);
  }

  public static void main(String[] arguments) {
    Tricks tricks = new Tricks();
    HandshakeTricks.addTo(tricks);
    LoginTricks.addTo(tricks);
    RequestTricks.addTo(tricks);
    ChannelTricks.addTo(tricks);
    tricks.play(arguments);
  }
}
