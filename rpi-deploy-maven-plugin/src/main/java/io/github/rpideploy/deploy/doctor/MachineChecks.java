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

/** Checks the computer: its clock, power, memory pages and disks. */
final class MachineChecks {

  static final List<String> NAMES = List.of("clock", "throttling", "page size", "deltas", "disk");

  private static final Duration TOLERABLE_SKEW = Duration.ofSeconds(30);
  private static final Duration FATAL_SKEW = Duration.ofMinutes(5);
  private static final int KIB = 1024;
  private static final int USUAL_PAGE = 4 * KIB;
  private static final Pattern THROTTLED = Pattern.compile("throttled=0x([0-9a-fA-F]{1,8})");

  /** Bits of the firmware's answer for now; 16 bits higher, the same since the Pi was started. */
  private static final List<String> TROUBLES =
      List.of("under-voltage", "processor clock capped", "throttled", "soft temperature limit");

  private final ExaminationResult result;
  private final Instant asked;
  private final Duration took;

  /**
   * @param asked when the Pi was asked, by this machine's clock
   * @param took the time from asking until the answer was here
   */
  MachineChecks(ExaminationResult result, Instant asked, Duration took) {
    this.result = result;
    this.asked = asked;
    this.took = took;
  }

  List<Check> all() {
    List<Check> checks = new ArrayList<>(List.of(clock(), throttling(), pageSize(), deltas()));
    result.disks().forEach(disk -> checks.add(disk(disk)));
    return checks;
  }

  /** As in NTP (RFC 5905, 8): in the mean of both differences the round trip cancels out. */
  private Check clock() {
    if (result.begun().equals(Instant.EPOCH) || result.ended().equals(Instant.EPOCH)) {
      return Check.warn("clock", "the Pi does not tell the time", "Check on the Pi: date +%s");
    }
    Duration ahead =
        Duration.between(asked, result.begun())
            .plus(Duration.between(asked.plus(took), result.ended()))
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
    String fix =
        "If it is the Pi's clock that is wrong, on the Pi: sudo timedatectl set-ntp true"
            + " && timedatectl";
    return skew.compareTo(FATAL_SKEW) <= 0
        ? Check.warn("clock", finding, fix)
        : Check.fail(
            "clock", finding + ": tokens and certificates of services may be refused", fix);
  }

  private Check throttling() {
    if (result.machine().throttled().isEmpty()) {
      return Check.pass("throttling", "there is no vcgencmd to ask");
    }
    String said = result.machine().throttled().get();
    Matcher hex = THROTTLED.matcher(said);
    if (!hex.find()) {
      return Check.warn(
          "throttling",
          "vcgencmd get_throttled says: " + said,
          "Let the user run vcgencmd, then log in again."
              + " On the Pi: sudo usermod -aG video \"$USER\"");
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
            + ", then check on the Pi: vcgencmd get_throttled");
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
    long bytes = result.machine().pageSize();
    if (bytes <= USUAL_PAGE) {
      return Check.pass("page size", bytes == 0 ? "not known" : bytes / KIB + " KiB");
    }
    return Check.warn(
        "page size",
        bytes / KIB
            + " KiB, the default of the Pi 5: a program built only for 4 KiB does not start"
            + " (\"Unsupported system page size\"); Java does",
        "Only if that happens. On the Pi: echo kernel=kernel8.img | sudo tee -a"
            + " /boot/firmware/config.txt && sudo reboot");
  }

  private Check deltas() {
    return result
        .machine()
        .interpreter()
        .map(name -> Check.pass("deltas", name + " makes layers of files that are there"))
        .orElseGet(
            () ->
                Check.warn(
                    "deltas",
                    "neither perl nor python3: a layer of which one file is new is sent whole",
                    "On the Pi: sudo apt install perl-base, or sudo apk add perl"));
  }

  private static Check disk(Disk disk) {
    Needs needs = disk.use().equals("tmp") ? Needs.TMP : Needs.IMAGES;
    StringBuilder free = new StringBuilder(disk.use() + ": " + Units.bytes(disk.freeBytes()));
    disk.freeInodes().ifPresent(inodes -> free.append(" and ").append(inodes).append(" inodes"));
    String finding = free.append(" free in ").append(disk.directory()).toString();
    long inodes = disk.freeInodes().orElse(Long.MAX_VALUE);
    String fix =
        "See what takes "
            + (inodes < needs.fewInodes ? "the inodes" : "the space")
            + ". On the Pi: "
            + (disk.use().equals("tmp")
                ? "ls -la " + disk.directory()
                : "docker system df; to remove what nobody uses: docker image prune");
    if (disk.freeBytes() < needs.tooLittle || inodes < needs.tooFewInodes) {
      return Check.fail("disk", finding, fix);
    }
    return disk.freeBytes() < needs.little || inodes < needs.fewInodes
        ? Check.warn("disk", finding, fix)
        : Check.pass("disk", finding);
  }

  /** The free space and inodes that a disk should have. */
  private enum Needs {
    /**
     * An image with a Java runtime takes 250 MB and about 2000 files, twice while it is replaced.
     */
    IMAGES(200_000_000L, 2_000_000_000L, 2_000, 20_000),
    /** Compose and shells write little there. */
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
