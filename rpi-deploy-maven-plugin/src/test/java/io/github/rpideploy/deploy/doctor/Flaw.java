package io.github.rpideploy.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Check.Level;
import java.util.ArrayList;
import java.util.List;

/** One thing that is wrong with a Pi: what the Pi prints, and what the doctor must say about it. */
record Flaw(
    String what, List<String> changes, Level level, String check, String finding, String fix) {

  static Flaw named(String what) {
    return new Flaw(what, List.of(), Level.PASS, "", "", "");
  }

  /** The Pi prints one thing instead of another. */
  Flaw prints(String other, String instead) {
    List<String> all = new ArrayList<>(changes);
    all.addAll(List.of(instead, other));
    return new Flaw(what, all, level, check, finding, fix);
  }

  Flaw warns(String name, String found, String expectedFix) {
    return new Flaw(what, changes, Level.WARN, name, found, expectedFix);
  }

  Flaw fails(String name, String found, String expectedFix) {
    return new Flaw(what, changes, Level.FAIL, name, found, expectedFix);
  }

  /** Only this check complains, and the build fails when it fails. */
  void isShown() {
    ExaminedPi pi = new ExaminedPi();
    for (int i = 0; i < changes.size(); i += 2) {
      assertThat(pi.prints).contains(changes.get(i));
      pi.prints = pi.prints.replace(changes.get(i), changes.get(i + 1));
    }

    Throwable thrown = catchThrowable(pi::examine);

    assertThat(pi.checks())
        .filteredOn(one -> one.level() == Level.WARN || one.level() == Level.FAIL)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.level()).isEqualTo(level);
              assertThat(one.name()).isEqualTo(check);
              assertThat(one.finding()).contains(finding).doesNotContain("a-secret");
              assertThat(one.fix()).contains(fix);
            });
    if (level == Level.FAIL) {
      assertThat(thrown)
          .isInstanceOf(DeployException.class)
          .hasMessageStartingWith("pi@raspberrypi:22 is not fit for a deploy: " + check + ": ");
    } else {
      assertThat(thrown).isNull();
    }
  }

  @Override
  public String toString() {
    return what;
  }
}
