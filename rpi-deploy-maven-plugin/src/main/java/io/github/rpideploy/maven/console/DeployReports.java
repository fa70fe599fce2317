package io.github.rpideploy.maven.console;

import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.JUnitXml;
import io.github.rpideploy.report.Reporter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** What a build leaves of its deploy: files for scripts and CI, and what CI shows of it. */
public final class DeployReports implements Reporter {

  private final DeployJson deploy = new DeployJson(InstantSource.system());
  private final Path directory;
  private final GitHubActions gitHub;

  /** Whether a goal has run that deploys; others only look, and leave no report. */
  private boolean isWritten;

  DeployReports(Path directory, GitHubActions gitHub) {
    this.directory = directory;
    this.gitHub = gitHub;
  }

  /**
   * The reports of a build.
   *
   * @param directory where the files go
   * @param environment of the build, which says whether CI runs it
   */
  public static DeployReports of(Path directory, Map<String, String> environment) {
    // Not System.out: Maven 4 puts a prefix before what is printed there, and -l keeps it in a
    // file.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    return new DeployReports(directory, new GitHubActions(environment, out));
  }

  @Override
  public void report(Event event) {
    deploy.report(event);
  }

  /**
   * Writes the files as things stand, if there is anything to report.
   *
   * @param warnings hears of a file that cannot be written
   */
  public synchronized void write(Reporter warnings) {
    if (deploy.isEmpty()) {
      return;
    }
    isWritten = true;
    write("deploy.json", deploy::write, warnings);
    write("TEST-rpi.xml", file -> JUnitXml.write(deploy.services(), file), warnings);
  }

  private interface Writer {
    void write(Path file) throws IOException;
  }

  private void write(String name, Writer writer, Reporter warnings) {
    try {
      writer.write(directory.resolve(name));
    } catch (IOException e) {
      warnings.report(new Event.Warning(name + " could not be written: " + e.getMessage()));
    }
  }

  /**
   * Tells CI how a deploy ended; once, when the build has ended.
   *
   * @param warnings hears of it when that is not possible
   */
  public synchronized void tellCi(Reporter warnings) {
    if (isWritten) {
      gitHub.tell(deploy.services(), warnings);
    }
  }
}
