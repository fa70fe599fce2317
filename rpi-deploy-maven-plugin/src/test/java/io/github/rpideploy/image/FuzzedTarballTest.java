package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Fuzz;
import io.github.rpideploy.image.tarball.TarballReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link HostileTarballTest} has one defect at a time; here several meet. */
class FuzzedTarballTest {

  private static final List<byte[]> GOOD =
      List.of(
          TestImages.named("a:1").layer("base", 900).layer("a", 90).dockerBytes(),
          TestImages.named("a:1").layer("base", 900).layer("a", 90).ociBytes(),
          OtherTarballs.oldDocker(TestImages.named("a:1").layer("a", 90).layer("a", 90)),
          OtherTarballs.platforms(
                  "a:1",
                  List.of(TestImages.named("a:1").layer("a", 90)),
                  List.of(TestImages.named("a:1").platform("linux/amd64")))
              .bytes());

  @TempDir private Path directory;

  private static byte[] broken(Random random) {
    byte[] tarball = GOOD.get(random.nextInt(GOOD.size())).clone();
    for (int defects = 1 + random.nextInt(2); defects > 0; defects--) {
      try {
        tarball =
            switch (random.nextInt(7)) {
              case 0 -> TarballMutations.flipBits(tarball, random);
              case 1 -> TarballMutations.shuffleBlocks(tarball, random);
              case 2 -> TarballMutations.replaceJsonValue(tarball, random);
              case 3 -> TarballMutations.spoilHeader(tarball, random);
              case 4 -> TarballMutations.insertExtension(tarball, random);
              case 5 -> TarballMutations.spoilLink(tarball, random);
              default -> TarballMutations.replaceText(tarball, random);
            };
      } catch (RuntimeException e) {
        // The mutations know whole tarballs only; this one is broken well enough.
        return tarball;
      }
    }
    return tarball;
  }

  @Test
  void tarballs() {
    Fuzz.Result result =
        Fuzz.run(
            "tarball",
            9,
            FuzzedTarballTest::broken,
            tarball -> {
              Path file = directory.resolve("jib-image.tar");
              Files.deleteIfExists(file);
              Files.write(file, tarball);
              return TarballReader.read(file).layers().size();
            });

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }
}
