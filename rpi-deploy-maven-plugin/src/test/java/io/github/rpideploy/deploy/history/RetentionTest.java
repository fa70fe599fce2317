package io.github.rpideploy.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.report.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static final ImageReference LIVE = ImageReference.parse("auth-server");

  private final List<History.Deploy> deploys = new ArrayList<>();
  private final Map<String, String> tags = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> others = new HashSet<>();
  private boolean busy;

  private static String tag(int number) {
    return "auth-server:rpi-%012x".formatted(number);
  }

  /** Deployed in this order, and on the Pi. */
  private void deployed(String service, int... numbers) {
    for (int number : numbers) {
      ended(service, number, Outcome.VERIFIED, tag(number));
    }
  }

  private void ended(String service, int number, Outcome outcome, String runs) {
    tags.put(tag(number), "sha256:" + number);
    deploys.add(
        new History.Deploy(
            Instant.EPOCH,
            Origin.UNKNOWN,
            outcome,
            List.of(new History.Service(service, tag(number), null, outcome, null, null, runs))));
  }

  private List<String> obsolete(int keep) {
    return obsolete("auth-server", keep, true);
  }

  private List<String> obsolete(String service, int keep, boolean complete) {
    return new Retention(
            new History(deploys),
            new Inventory(true, List.of(), tags, used, others, busy, complete))
        .obsolete(service, LIVE, keep);
  }

  @Test
  void the_newest_stay_by_the_order_of_the_history() {
    deployed("auth-server", 5, 4, 3, 2, 1);
    assertThat(obsolete(3)).containsExactly(tag(4), tag(5));
    assertThat(obsolete(5)).isEmpty();
  }

  @Test
  void one_that_was_deployed_again_is_new_again() {
    deployed("auth-server", 1, 2, 3, 4, 1);
    assertThat(obsolete(3)).containsExactly(tag(2));
  }

  @Test
  void one_that_is_not_on_the_Pi_takes_no_place() {
    deployed("auth-server", 1, 2, 3, 4);
    tags.remove(tag(4));
    assertThat(obsolete(3)).isEmpty();
    assertThat(obsolete(2)).containsExactly(tag(1));
  }

  /** One wants to go back to what was good. */
  @Test
  void one_that_was_never_good_takes_no_place_and_only_the_newest_of_these_stays() {
    deployed("auth-server", 1, 2, 3, 4);
    ended("auth-server", 5, Outcome.FAILED, tag(4));
    ended("auth-server", 6, Outcome.NOT_DEPLOYED, tag(4));
    ended("auth-server", 7, Outcome.FAILED, tag(4));
    assertThat(obsolete(3)).containsExactly(tag(6), tag(5), tag(1));
    deployed("auth-server", 8);
    assertThat(obsolete(3)).containsExactly(tag(7), tag(6), tag(5), tag(2), tag(1));
  }

  @Test
  void one_that_has_failed_and_was_good_at_another_time_takes_its_place() {
    deployed("auth-server", 1, 2, 3);
    ended("auth-server", 1, Outcome.FAILED, tag(3));
    assertThat(obsolete(2)).containsExactly(tag(2));
    ended("auth-server", 4, Outcome.FAILED, tag(3));
    deployed("auth-server", 4);
    assertThat(obsolete(3)).containsExactly(tag(2));
  }

  @Test
  void what_is_only_shipped_stays_until_something_else_is() {
    deployed("auth-server", 1, 2);
    ended("auth-server", 3, Outcome.SHIPPED, tag(2));
    assertThat(obsolete(2)).isEmpty();
    ended("auth-server", 4, Outcome.SHIPPED, tag(2));
    assertThat(obsolete(2)).containsExactly(tag(3));
  }

  @Test
  void what_a_container_is_made_of_stays_besides() {
    deployed("auth-server", 1, 2, 3, 4, 5);
    used.add("sha256:1");
    assertThat(obsolete(3)).containsExactly(tag(2));
  }

  @Test
  void what_has_another_tag_stays_whosever_it_is() {
    deployed("auth-server", 1, 2, 3, 4, 5, 6, 7);
    tags.put("auth-server:latest", "sha256:1");
    tags.put("registry.local:5000/other:prod", "sha256:2");
    tags.put("auth-server:rpi-backup", "sha256:3");
    assertThat(obsolete(1)).containsExactly(tag(6), tag(5), tag(4));
  }

  @Test
  void what_the_history_does_not_know_is_oldest() {
    deployed("auth-server", 9, 8);
    tags.put(tag(1), "sha256:1");
    tags.put(tag(2), "sha256:2");
    assertThat(obsolete(3)).containsExactly(tag(2));
    assertThat(obsolete(2)).containsExactly(tag(1), tag(2));
  }

  @Test
  void only_release_tags_of_exactly_this_repository_go() {
    deployed("auth-server", 1, 2);
    for (String other :
        List.of(
            "auth-server:rpi-",
            "auth-server:rpi-00000000000",
            "auth-server:rpi-0000000000000",
            "auth-server:rpi-00000000000G",
            "auth-server:1.0",
            "auth-server2:rpi-00000000000a",
            "my/auth-server:rpi-00000000000a",
            "localhost:5000/auth-server:rpi-00000000000a",
            "<none>:<none>",
            "auth-server:<none>")) {
      tags.put(other, "sha256:" + other);
    }
    assertThat(obsolete(1)).containsExactly(tag(1));
  }

  @Test
  void what_the_history_knows_of_another_service_only_stays() {
    deployed("auth-server", 1, 2);
    deployed("auth-replica", 3);
    assertThat(obsolete(1)).containsExactly(tag(1));
  }

  @Test
  void what_two_services_share_goes_when_it_is_old_for_both() {
    deployed("auth-server", 1, 2, 3);
    deployed("auth-replica", 1, 2);
    assertThat(obsolete(1)).containsExactly(tag(1));
    deployed("auth-replica", 3);
    assertThat(obsolete(1)).containsExactly(tag(2), tag(1));
  }

  @Test
  void what_another_compose_project_has_deployed_stays() {
    deployed("auth-server", 1, 2, 3);
    tags.put(tag(9), "sha256:9");
    others.addAll(List.of(tag(1), tag(9)));
    assertThat(obsolete(1)).containsExactly(tag(2));
  }

  @Test
  void what_is_not_known_stays_while_another_compose_project_is_being_deployed() {
    deployed("auth-server", 1, 2, 3);
    tags.put(tag(9), "sha256:9");
    busy = true;
    assertThat(obsolete(1)).containsExactly(tag(2), tag(1));
    busy = false;
    assertThat(obsolete(1)).containsExactly(tag(2), tag(1), tag(9));
  }

  @Test
  void nothing_goes_when_the_answer_of_the_Engine_is_incomplete() {
    deployed("auth-server", 1, 2, 3, 4);
    assertThat(obsolete("auth-server", 1, false)).isEmpty();
  }

  @Test
  void whatever_the_past_was_the_newest_stay_and_no_more_than_is_asked_for() {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      deploys.clear();
      tags.clear();
      used.clear();
      int keep = 1 + random.nextInt(4);
      LinkedHashSet<String> order = new LinkedHashSet<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        int number = random.nextInt(8);
        ended(
            "auth-server",
            number,
            random.nextInt(3) == 0 ? Outcome.FAILED : Outcome.VERIFIED,
            tag(number));
        order.remove(tag(number));
        order.add(tag(number));
      }
      for (int number = 0; number < 8; number++) {
        if (random.nextInt(3) == 0) {
          used.add("sha256:" + number);
        }
        if (random.nextInt(6) == 0) {
          tags.remove(tag(number));
        } else if (random.nextInt(4) == 0) {
          tags.put(tag(number), "sha256:" + number);
        }
        tags.put("other:rpi-%012x".formatted(number), "sha256:" + number);
      }

      List<String> gone = obsolete(keep);

      Set<String> left = new HashSet<>(tags.keySet());
      gone.forEach(left::remove);
      left.removeIf(tag -> tag.startsWith("other:"));
      List<String> newestFirst = new ArrayList<>(order);
      java.util.Collections.reverse(newestFirst);
      newestFirst.retainAll(tags.keySet());
      List<String> good = new ArrayList<>(newestFirst);
      good.retainAll(new History(deploys).verified("auth-server"));
      assertThat(gone).as("seed " + seed).doesNotHaveDuplicates().allMatch(tags::containsKey);
      assertThat(gone).as("seed " + seed).noneMatch(tag -> used.contains(tags.get(tag)));
      assertThat(gone).as("seed " + seed).allMatch(tag -> tag.startsWith("auth-server:rpi-"));
      assertThat(left)
          .as("seed " + seed)
          .containsAll(good.subList(0, Math.min(keep, good.size())))
          .containsAll(newestFirst.subList(0, Math.min(1, newestFirst.size())));
      assertThat(left.stream().filter(tag -> !used.contains(tags.get(tag))))
          .as("seed " + seed)
          .hasSizeLessThanOrEqualTo(keep + 1);
    }
  }
}
