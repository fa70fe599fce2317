package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.docker.Disk;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The computer: its clock, its power, its memory pages, its disks. */
final class MachineChecks {

  static final List<String> NAMES = List.of("clock", "throttling", "page size", "disk");

  private static final Duration TOLERABLE_SKEW = Duration.ofSeconds(30);
  private static final Duration FATAL_SKEW = Duration.ofMinutes(5);
  private static final int KIB = 1024;
  private static final int USUAL_PAGE = 4 * KIB;
  private static final Pattern THROTTLED = Pattern.compile("throttled=0x([0-9a-fA-F]{1,8})");

  /** Bits of the firmware's answer; 16 more to the left, the same since the Pi was started. */
  private static final List<String> TROUBLES =
      List.of("under-voltage", "processor clock capped", "throttled", "soft temperature limit");

  private final ExaminationResult findings;
  private final Instant asked;
  private final Duration took;

  /**
   * @param asked by this machine's clock
   * @param took from then until the answer was here
   */
  MachineChecks(ExaminationResult findings, Instant asked, Duration took) {
    this.findings = findings;
    this.asked = asked;
    this.took = took;
  }

  List<Check> all() {
    List<Check> checks = new ArrayList<>(List.of(clock(), throttling(), pageSize()));
    findings.disks().forEach(disk -> checks.add(disk(disk)));
    return checks;
  }

  /** As NTP does it (RFC 5905, 8): what the ways there and back take falls out of the mean. */
  private Check clock() {
    if (findings.begun().equals(Instant.EPOCH) || findings.ended().equals(Instant.EPOCH)) {
      return Check.warn("clock", "the Pi does not tell its time", "See there: date +%s");
    }
    Duration ahead =
        Duration.between(asked, findings.begun())
            .plus(Duration.between(asked.plus(took), findings.ended()))
            .dividedBy(2);
    Duration skew = ahead.abs();
    if (skew.compareTo(Duration.ofSeconds(1)) < 0) {
      return Check.pass("clock", "within a second of this machine's");
    }
    String finding =
        Units.seconds(skew) + (ahead.isNegative() ? " behind" : " ahead of") + " this machine";
    if (skew.compareTo(TOLERABLE_SKEW) <= 0) {
      return Check.pass("clock", finding);
    }
    String mend =
        "If the Pi is the one that is wrong, there: sudo timedatectl set-ntp true && timedatectl";
    return skew.compareTo(FATAL_SKEW) <= 0
        ? Check.warn("clock", finding, mend)
        : Check.fail("clock", finding + ": tokens and certificates of services are off", mend);
  }

  private Check throttling() {
    if (findings.machine().throttled().isEmpty()) {
      return Check.pass("throttling", "there is no vcgencmd to ask");
    }
    String said = findings.machine().throttled().get();
    Matcher hex = THROTTLED.matcher(said);
    if (!hex.find()) {
      return Check.warn(
          "throttling",
          "vcgencmd get_throttled says: " + said,
          "Let the user ask and log in again, on the Pi: sudo usermod -aG video \"$USER\"");
    }
    int bits = Integer.parseUnsignedInt(hex.group(1), 16);
    List<String> now = troubles(bits);
    List<String> before = troubles(bits >>> 16);
    before.removeAll(now);
    if (now.isEmpty() && before.isEmpty()) {
      return Check.pass(
          "throttling", "neither under-voltage nor throttling since the Pi was started");
    }
    List<String> parts = new ArrayList<>();
    if (!now.isEmpty()) {
      parts.add("now: " + String.join(", ", now));
    }
    if (!before.isEmpty()) {
      parts.add("since the Pi was started: " + String.join(", ", before));
    }
    boolean volts = now.contains(TROUBLES.get(0)) || before.contains(TROUBLES.get(0));
    return Check.warn(
        "throttling",
        String.join("; ", parts),
        (volts
                ? "Use a power supply and a cable that are made for this Pi"
                : "Give the Pi a heat sink or a fan")
            + ", then see there: vcgencmd get_throttled");
  }

  private static List<String> troubles(int bits) {
    List<String> troubles = new ArrayList<>();
    for (int i = 0; i < TROUBLES.size(); i++) {
      if ((bits >>> i & 1) == 1) {
        troubles.add(TROUBLES.get(i));
      }
    }
    return troubles;
  }

  private Check pageSize() {
    long bytes = findings.machine().pageSize();
    if (bytes <= USUAL_PAGE) {
      return Check.pass("page size", bytes == 0 ? "not known" : bytes / KIB + " KiB");
    }
    return Check.warn(
        "page size",
        bytes / KIB
            + " KiB, as the Pi 5 has it: a program built for 4 KiB only does not start"
            + " (\"Unsupported system page size\"); Java does",
        "Only if that happens, on the Pi: echo kernel=kernel8.img | sudo tee -a"
            + " /boot/firmware/config.txt && sudo reboot");
  }

  private static Check disk(Disk disk) {
    Needs needs = disk.use().equals("tmp") ? Needs.TMP : Needs.IMAGES;
    StringBuilder free = new StringBuilder(disk.use() + ": " + Units.bytes(disk.freeBytes()));
    disk.freeInodes().ifPresent(inodes -> free.append(" and ").append(inodes).append(" inodes"));
    String finding = free.append(" free in ").append(disk.directory()).toString();
    long inodes = disk.freeInodes().orElse(Long.MAX_VALUE);
    String mend =
        "See what takes "
            + (inodes < needs.fewInodes ? "the inodes" : "the space")
            + ", on the Pi: "
            + (disk.use().equals("tmp")
                ? "ls -la " + disk.directory()
                : "docker system df; what nobody uses: docker image prune");
    if (disk.freeBytes() < needs.tooLittle || inodes < needs.tooFewInodes) {
      return Check.fail("disk", finding, mend);
    }
    return disk.freeBytes() < needs.little || inodes < needs.fewInodes
        ? Check.warn("disk", finding, mend)
        : Check.pass("disk", finding);
  }

  /** What a place should have. */
  private enum Needs {
    /**
     * An image with a Java runtime takes 250 MB and some 2000 files, twice while it is replaced.
     */
    IMAGES(200_000_000L, 2_000_000_000L, 2_000, 20_000),
    /** Compose and shells keep little there. */
    TMP(1_000_000L, 50_000_000L, 10, 1_000);

    final long tooLittle;
    final long little;
    final long tooFewInodes;
    final long fewInodes;

    Needs(long tooLittle, long little, long tooFewInodes, long fewInodes) {
      this.tooLittle = tooLittle;
      this.little = little;
      this.tooFewInodes = tooFewInodes;
      this.fewInodes = fewInodes;
    }
  }
}
