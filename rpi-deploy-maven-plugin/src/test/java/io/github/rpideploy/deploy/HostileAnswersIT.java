package io.github.rpideploy.deploy;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.deploy.doctor.ExaminationTricks;
import io.github.rpideploy.smoke.HttpTricks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** An Engine, compose and containers that say what they like. */
class HostileAnswersIT {

  private static final int HEAP = 128;

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> no_trick_of_an_answer_succeeds() throws Exception {
    return Tricks.inSmallJvm(HostileAnswersIT.class, HEAP, directory);
  }

  public static void main(String[] arguments) {
    Tricks tricks = new Tricks();
    AnswerTricks.addTo(tricks);
    ServiceTricks.addTo(tricks);
    ExaminationTricks.addTo(tricks);
    HttpTricks.addTo(tricks);
    tricks.play(arguments);
  }
}
