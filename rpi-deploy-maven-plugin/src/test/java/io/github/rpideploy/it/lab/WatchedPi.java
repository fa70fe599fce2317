package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees what other users of the Pi could see: which processes run there, and what lies there.
 *
 * <p>Processes are seen in two ways. Each of them is looked at about a hundred times, a hundredth
 * of a second apart, and the user's login shell writes down with what arguments and environment it
 * was started: that is every command that comes through sshd, however short it lives.
 */
public final class WatchedPi {

  /** Command lines are everybody's, environments the user's own. */
  private static final String SAMPLER =
      """
      $| = 1;
      my $uid = getpwnam('pi');
      my (%seen, %looks);
      while (!-e '/run/watched') {
        opendir(my $proc, '/proc') or die;
        for my $pid (grep { /^[0-9]+$/ } readdir $proc) {
          my ($inode, $owner) = (stat "/proc/$pid")[1, 4] or next;
          next if $looks{"$pid $inode"}++ > 100;
          for my $file ('cmdline', 'environ') {
            next if $file eq 'environ' && $owner != $uid;
            open(my $in, '<', "/proc/$pid/$file") or next;
            local $/;
            my $text = <$in>;
            print "$file of $pid: ", $text =~ tr/\\0/ /r, "\\n" if defined $text && !$seen{$text}++;
          }
        }
        select undef, undef, undef, 0.01;
      }
      """;

  private static final String RECORDER =
      """
      #!/bin/bash
      { printf '%s\\0' "$@"; env -0; } > "/var/recorded/$$.$RANDOM"
      exec /bin/bash "$@"
      """;

  private static final String SEARCH =
      """
      patterns=$(cat)
      cd /
      places=$(ls -d home root tmp var run etc srv opt usr/local dev/shm)
      grep -raFoH --exclude-dir=recorded -f <(echo "$patterns") $places
      find $places -not -path 'var/recorded*' 2>/dev/null | grep -aFo -f <(echo "$patterns") | sed 's/^/the name of a file:/'
      exit 0
      """;

  private final String box;
  private final Lab pi;
  private final Path samples;
  private final Process sampler;

  public WatchedPi(Lab pi, Path samples) throws Exception {
    this.pi = pi;
    this.box = pi.container();
    this.samples = samples;
    pi.asRoot("install -d -m 1733 /var/recorded");
    run("cat > /usr/local/bin/recorder && chmod 755 /usr/local/bin/recorder", RECORDER);
    pi.asRoot("usermod --shell /usr/local/bin/recorder pi");
    sampler =
        new ProcessBuilder("docker", "exec", "-i", box, "perl", "-")
            .redirectErrorStream(true)
            .redirectOutput(samples.toFile())
            .start();
    try (OutputStream in = sampler.getOutputStream()) {
      in.write(SAMPLER.getBytes(StandardCharsets.UTF_8));
    }
    Lab.await("the Pi's processes are looked at", () -> sampled().contains("cmdline of 1:"));
  }

  /** What was seen of processes by looking at them. */
  public String sampled() throws IOException {
    return new String(Files.readAllBytes(samples), StandardCharsets.ISO_8859_1);
  }

  /** What the login shell was started with, every time. */
  public String recorded() throws Exception {
    return run("cat /var/recorded/* | tr '\\0' '\\n'", "");
  }

  /** What files on the Pi give away, by their content or their name: {@code FILE: SECRET}. */
  public List<String> files(Marks marks) throws Exception {
    List<String> found = new ArrayList<>();
    for (String line : run(SEARCH, marks.patterns()).lines().distinct().toList()) {
      int colon = line.lastIndexOf(':');
      found.add(line.substring(0, colon) + ": " + marks.secretOf(line.substring(colon + 1)));
    }
    return found.stream().distinct().toList();
  }

  /** Whether the watching has not ended by itself. */
  public boolean watches() {
    return sampler.isAlive();
  }

  /** Appends to a file in the user's home; nobody sees what. */
  public void put(String file, String text) throws Exception {
    String script =
        "cd /home/pi && mkdir -p $(dirname %1$s) && cat >> %1$s && chown -R pi: .".formatted(file);
    run(script, text);
  }

  /** A process of the user that runs until it is destroyed. */
  public Process leaveRunning(String argument, String variable) throws IOException {
    return new ProcessBuilder(
            "docker",
            "exec",
            "-i",
            "-u",
            "pi",
            "-e",
            "VARIABLE=" + variable,
            box,
            "sh",
            "-c",
            "read -r line",
            argument)
        .start();
  }

  /** Runs a command line of bash as root on the Pi. */
  private String run(String commandLine, String input) throws Exception {
    Process process =
        new ProcessBuilder("docker", "exec", "-i", box, "bash", "-c", commandLine)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    if (process.waitFor() != 0) {
      throw new IOException(commandLine + " failed");
    }
    return output;
  }

  /** Ends the watching. */
  public void stop() throws Exception {
    pi.asRoot("touch /run/watched");
    sampler.waitFor();
  }
}
