package io.github.rpideploy.deploy.doctor;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MachineChecksTest {

  @ParameterizedTest
  @MethodSource("flaws")
  void a_flaw_shows_in_its_own_check_with_its_fix(Flaw flaw) {
    flaw.isShown();
  }

  static Stream<Flaw> flaws() {
    return Stream.of(
        Flaw.named("clock 32 s behind")
            .prints("begin 1795612768.3", "begin 1795612800.3")
            .prints("=end 1795612769.1", "=end 1795612801.1")
            .warns("clock", "31.8 s behind this machine", "set-ntp"),
        Flaw.named("clock 7 min ahead")
            .prints("begin 1795613220.3", "begin 1795612800.3")
            .prints("=end 1795613221.1", "=end 1795612801.1")
            .fails("clock", "420 s ahead of this machine", "set-ntp"),
        Flaw.named("clock 31 s ahead, half the round trip taken off")
            .prints("begin 1795612831.0", "begin 1795612800.3")
            .prints("=end 1795612831.8", "=end 1795612801.1")
            .warns("clock", "30.9 s ahead of this machine", "set-ntp"),
        Flaw.named("no clock")
            .prints("begin ", "begin 1795612800.300000000")
            .warns("clock", "does not tell the time", "date"),
        Flaw.named("under-voltage now")
            .prints("=0x50005", "=0x0")
            .warns("throttling", "now: under-voltage, throttled", "power supply"),
        Flaw.named("was throttled for heat")
            .prints("=0xe0000", "=0x0")
            .warns(
                "throttling",
                "since the Pi was started: processor clock capped, throttled, soft temperature",
                "fan"),
        Flaw.named("vcgencmd is for the group video only")
            .prints("throttled VCHI initialization failed", "throttled throttled=0x0")
            .warns("throttling", "VCHI initialization failed", "usermod -aG video"),
        Flaw.named("Pi 5's own kernel")
            .prints("page 16384", "page 4096")
            .warns("page size", "16 KiB", "kernel=kernel8.img"),
        Flaw.named("neither Perl nor Python")
            .prints("", "interpreter perl\n")
            .warns("deltas", "neither perl nor python3", "perl-base"),
        Flaw.named("little space for images")
            .prints("disk docker 976562 ", "disk docker 76654380 ")
            .warns("disk", "docker: 1.0 GB", "docker system df"),
        Flaw.named("no space for images")
            .prints("disk docker 97656 ", "disk docker 76654380 ")
            .fails("disk", "docker: 100 MB", "docker system df"),
        Flaw.named("few inodes")
            .prints("disk docker 76654380 19999", "disk docker 76654380 16291800")
            .warns("disk", "19999 inodes", "what takes the inodes"),
        Flaw.named("no inodes")
            .prints("disk docker 76654380 3 ", "disk docker 76654380 16291800 ")
            .fails("disk", "and 3 inodes", "what takes the inodes"),
        Flaw.named("containerd's disk is full")
            .prints("disk containerd 9 ", "disk containerd 76654380 ")
            .fails("disk", "containerd: 9.2 kB", "docker system df"),
        Flaw.named("little space in tmp")
            .prints("disk tmp 20000 ", "disk tmp 1982420 ")
            .warns("disk", "tmp: 20.5 MB", "ls -la /tmp"),
        Flaw.named("tmp is full")
            .prints("disk tmp 0 ", "disk tmp 1982420 ")
            .fails("disk", "tmp: 0 B", "ls -la /tmp"));
  }
}
