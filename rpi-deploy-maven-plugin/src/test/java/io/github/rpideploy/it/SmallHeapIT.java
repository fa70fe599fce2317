package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.ArchivePlan;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.LargeTarball;
import io.github.rpideploy.image.PlannedImage;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.WireArchive;
import io.github.rpideploy.image.tarball.TarballReader;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of 2 GB goes through a JVM with a heap of 128 MB to a real SSH server. */
class SmallHeapIT {

  private static final long SIZE = 2_000_000_000;

  @TempDir private Path directory;

  @Test
  void two_gigabytes_ship_with_a_heap_of_128_megabytes() throws Exception {
    Lab pi = Lab.up("heap");
    try {
      SshRequest settings = pi.settings();
      Path tarball = LargeTarball.write(directory.resolve("jib-image.tar"), SIZE);
      Path log = directory.resolve("log");
      Process child =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx128m",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Ship.class.getName(),
                      tarball.toString(),
                      settings.hosts().get(0),
                      String.valueOf(settings.port()),
                      String.valueOf(settings.identityFile()),
                      String.valueOf(settings.knownHosts())))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = child.waitFor(10, TimeUnit.MINUTES);
      child.destroyForcibly();

      assertThat(ended).isTrue();
      assertThat(Files.readString(log)).contains("sent and arrived");
      assertThat(child.exitValue()).isZero();
    } finally {
      pi.down();
    }
  }

  /** Runs with the small heap. */
  static final class Ship {

    private Ship() {}

    public static void main(String[] args) throws IOException {
      SshRequest settings =
          SshRequest.to(args[1])
              .withUser("pi")
              .withPort(Integer.parseInt(args[2]))
              .withIdentityFile(Path.of(args[3]))
              .withKnownHosts(Path.of(args[4]))
              .withConfig("none");
      ImageTarball image = TarballReader.read(Path.of(args[0]));
      WireArchive archive =
          WireArchive.of(
              ArchivePlan.of(List.of(PlannedImage.whole(image, image.releaseTag(image.tag())))),
              Recompressor.off());
      try (SshConnection pi = SshConnection.open(settings, event -> {})) {
        ExecResult counted =
            pi.exec(Command.of("wc", "-c"), (OutputStream out) -> archive.writeTo(out));
        boolean arrived = counted.stdout().strip().equals(String.valueOf(archive.bytes()));
        System.out.println(
            arrived && archive.bytes() > SIZE ? "sent and arrived" : counted.stdout());
      }
    }
  }
}
