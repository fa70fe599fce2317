package io.github.rpideploy.deploy;

import static io.github.rpideploy.deploy.AnswerTricks.ESCAPES;
import static io.github.rpideploy.deploy.AnswerTricks.endless;
import static io.github.rpideploy.deploy.AnswerTricks.text;

import io.github.rpideploy.Tricks;
import java.util.function.UnaryOperator;

/** What a Pi may say of its services, and what these may log. */
final class ServiceTricks {

  private static final String NOW = "service-now.sh";
  private static final String STATE = "container inspect --format {\"id\"";
  private static final String ENVIRONMENT = "Config.Env";
  private static final String STATUS = "project-status.sh";
  private static final String TIME = "2026-11-01T00:00:00Z";
  private static final String DEEP = "[".repeat(100_000);

  private ServiceTricks() {}

  static void addTo(Tricks tricks) {
    locks(tricks);
    containers(tricks);
    logs(tricks);
    histories(tricks);
    statuses(tricks);
  }

  private static void locks(Tricks tricks) {
    bad(tricks, "holders of the lock without an end", "lock.sh", flood("rpi-lock held x\n"));
    bad(tricks, "services that go back without an end", "lock.sh", flood("rpi-lock back x\n"));
    fine(tricks, "a lock that is given twice", "lock.sh", truth -> truth + truth);
    fine(
        tricks,
        "a holder of escape sequences",
        "lock.sh",
        truth ->
            ("rpi-lock held %s\nrpi-lock unsettled %s\nrpi-lock stuck %s\n" + truth)
                .formatted(ESCAPES, ESCAPES, ESCAPES.repeat(500)));
  }

  private static void containers(Tricks tricks) {
    bad(tricks, "a container that is null", STATE, text(truth -> "null"));
    bad(tricks, "a container of nothing", STATE, text(truth -> "{}"));
    bad(tricks, "a container without a name", STATE, text(of("\"id\":", "\"no\":")));
    bad(tricks, "a container that is nested deep", STATE, text(of("{", "{\"x\":" + DEEP + ",")));
    bad(tricks, "restarts of 1e999999", STATE, text(of("\"restarts\":0", "\"restarts\":1e999999")));
    bad(tricks, "a container that is text", STATE, text(truth -> ESCAPES));
    bad(tricks, "a service that makes no sense", NOW, text(truth -> "container [\n" + truth));
    bad(tricks, "an end of compose of 1e9", "recreate.sh", text(of("up 0", "up 9999999999")));
    bad(tricks, "an end of compose of text", "recreate.sh", text(of("up 0", "up x" + ESCAPES)));
    bad(tricks, "no end of compose", "recreate.sh", text(truth -> ""));
    bad(
        tricks,
        "a state that is settled for another",
        "settle.sh",
        text(truth -> "lost " + ESCAPES));
    bad(tricks, "containers without an end", "recreate.sh", flood("0123456789ab\n"));
    tricks.refused(
        "a million containers of a failed service",
        home ->
            new LyingPi(home)
                .broken()
                .lie("containers.sh", truth -> truth.repeat(200_000))
                .deploy());
    tricks.refused(
        "a holder of the port of escape sequences",
        home -> new LyingPi(home).portTaken().lie("publish=", truth -> ESCAPES + "\n").deploy());
  }

  private static void logs(Tricks tricks) {
    broken(tricks, "a log without an end", " logs ", flood("x".repeat(99) + "\n"));
    broken(tricks, "a log line without an end", " logs ", flood("x"));
    broken(tricks, "a log of empty lines", " logs ", flood("\n"));
    broken(tricks, "a log of escape sequences", " logs ", text(truth -> ESCAPES + "\n" + truth));
    broken(
        tricks, "a log of Spring's last words", " logs ", flood("APPLICATION FAILED TO START\n"));
    broken(tricks, "exit codes without an end", "events", flood("die 137\noom \n"));
    broken(tricks, "an environment of garbage", ENVIRONMENT, text(truth -> ESCAPES + DEEP));
    broken(tricks, "an environment of null", ENVIRONMENT, text(truth -> "[null]"));
    broken(tricks, "an environment that is an object", ENVIRONMENT, text(truth -> "{\"a\":[]}"));
    tricks.refused(
        "ten thousand secrets",
        home ->
            new LyingPi(home)
                .broken()
                .lie(ENVIRONMENT, ServiceTricks::secrets)
                .lie(" logs ", flood("secret\n"))
                .deploy());
    tricks.refused(
        "ten thousand services that a failed one needs",
        home -> new LyingPi(home).broken().lie("probe.sh", ServiceTricks::needs).deploy());
    tricks.harmless("a log of escape sequences, shown", home -> shown(home, ESCAPES + "\n"));
    tricks.refused(
        "a million containers whose logs are shown",
        home -> {
          LyingPi pi = new LyingPi(home);
          pi.deploy();
          pi.lie("containers.sh", truth -> truth.repeat(200_000)).logs();
        });
  }

  private static void histories(Tricks tricks) {
    fine(tricks, "a history of garbage", "inventory.sh", lines("line " + ESCAPES + DEEP));
    fine(tricks, "a history of null", "inventory.sh", lines("line null\nline []\nline {}"));
    fine(
        tricks,
        "a history of other times",
        "inventory.sh",
        lines("line " + entry("1e999", "+999999999-12-31T23:59:59Z", "verified")));
    fine(
        tricks,
        "a history of other outcomes",
        "inventory.sh",
        lines("line " + entry("1", TIME, ESCAPES)));
    fine(
        tricks,
        "a history line of ten megabytes",
        "inventory.sh",
        lines("line " + "x".repeat(10 << 20)));
    tricks.refused(
        "an earlier start of a thousand years",
        home ->
            new LyingPi(home)
                .patient()
                .lie("inventory.sh", lines("line " + entry("1e300", TIME, "verified")))
                .lie(STATE, of("\"Status\":\"running\"", "\"Status\":\"created\""))
                .deploy(),
        "still after 120 s");
    tricks.refused(
        "a release to go back to that is an option",
        home -> {
          LyingPi pi = new LyingPi(home);
          pi.deploy();
          pi.lie("inventory.sh", lines("tag sha256:0 -v\nline " + entry("1", TIME, "verified")))
              .rollBack();
        });
  }

  private static void statuses(Tricks tricks) {
    String container =
        "container auth-server {\"id\":\"%s\",\"image\":\"%s\",\"restarts\":1,\"memory\":1,"
            + "\"state\":{\"Status\":\"%s\",\"StartedAt\":\"%s\"}}\n";
    String escapes = "\\u001b]52;c;eA==\\u0007\\u009b2J\\n[INFO] BUILD SUCCESS";
    seen(
        tricks,
        "a status of escape sequences",
        container.formatted(escapes, escapes, escapes, escapes),
        true);
    seen(
        tricks,
        "a status that is a megabyte long",
        container.formatted("1", "2", "x".repeat(1 << 20), "3")
            + container.formatted("4", "5", "6", "7").repeat(1000),
        true);
    seen(
        tricks,
        "two thousand containers of a service",
        container.formatted("1", "2", "3", "4").repeat(2000),
        true);
    seen(tricks, "a container of the status without a state", "container auth-server\n", false);
    seen(tricks, "a container of the status that is null", "container auth-server null\n", false);
    seen(tricks, "an image of the status that is null", "image null\n", false);
    seen(
        tricks,
        "labels of null",
        "image {\"id\":\"1\",\"labels\":{\"a\":null},\"tags\":[null]}\n",
        true);
    seen(tricks, "a tag without an image", "tag\ntag x\n", true);
    seen(tricks, "a complaint of escape sequences", "complaint " + ESCAPES, false);
  }

  private static String entry(String seconds, String when, String outcome) {
    return ("{'when':'%s','who':'x','outcome':'%s','services':[{'service':'auth-server',"
            + "'release':'-v','outcome':'%s','seconds':%s}]}")
        .formatted(when, outcome, outcome, seconds)
        .replace('\'', '"');
  }

  private static String secrets(String truth) {
    StringBuilder json = new StringBuilder("[\"A_KEY=x\"");
    for (int i = 0; i < 10_000; i++) {
      json.append(",\"SECRET_").append(i).append("=s3cret").append(i).append('"');
    }
    return json.append("]").toString();
  }

  private static String needs(String truth) {
    StringBuilder needed = new StringBuilder("depends_on: [auth-server");
    for (int i = 0; i < 10_000; i++) {
      needed.append(", s").append(i);
    }
    return truth.replace("depends_on: [auth-server", needed);
  }

  private static void shown(java.nio.file.Path home, String log) throws java.io.IOException {
    LyingPi pi = new LyingPi(home);
    pi.deploy();
    pi.lie(" logs ", truth -> log + truth).logs();
  }

  private static void seen(Tricks tricks, String name, String lines, boolean fine) {
    Tricks.Trick trick = home -> new LyingPi(home).lie(STATUS, truth -> lines).status();
    if (fine) {
      tricks.harmless(name, trick);
    } else {
      tricks.refused(name, trick);
    }
  }

  private static UnaryOperator<String> of(String from, String to) {
    return truth -> truth.replace(from, to);
  }

  private static UnaryOperator<String> lines(String lines) {
    return truth -> lines + "\n" + truth;
  }

  private static LyingPi.Lie flood(String text) {
    return (truth, out) -> endless(out, text);
  }

  private static void fine(Tricks tricks, String name, String word, UnaryOperator<String> lie) {
    tricks.harmless(name, home -> new LyingPi(home).lie(word, lie).deploy());
  }

  private static void bad(Tricks tricks, String name, String word, LyingPi.Lie lie) {
    tricks.refused(name, home -> new LyingPi(home).lie(word, lie).deploy());
  }

  private static void broken(Tricks tricks, String name, String word, LyingPi.Lie lie) {
    tricks.refused(name, home -> new LyingPi(home).broken().lie(word, lie).deploy());
  }
}
