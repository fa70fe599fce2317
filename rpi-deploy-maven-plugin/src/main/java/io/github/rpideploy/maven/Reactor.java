package io.github.rpideploy.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectSorter;

/** Where the reactor's root is, and the order of its modules. */
final class Reactor {

  private Reactor() {}

  /**
   * The root of the reactor, also where Maven was started inside a module: then the topmost parent
   * that lists it as a module, so that the directory on the Pi and the compose file stay the same.
   */
  static MavenProject root(MavenSession session) {
    MavenProject root =
        session.getAllProjects().stream()
            .filter(MavenProject::isExecutionRoot)
            .findFirst()
            .orElse(session.getTopLevelProject());
    MavenProject parent = root.getParent();
    while (parent != null && parent.getBasedir() != null && lists(parent, root)) {
      root = parent;
      parent = root.getParent();
    }
    return root;
  }

  /** All modules of the reactor in its order, also those that this build leaves out. */
  static List<MavenProject> sorted(MavenSession session) {
    try {
      return new ProjectSorter(session.getAllProjects()).getSortedProjects();
    } catch (Exception e) {
      // Circles and duplicates: Maven has refused them before.
      throw new IllegalStateException(e);
    }
  }

  private static boolean lists(MavenProject parent, MavenProject module) {
    return parent.getModules().stream()
        .map(path -> new File(parent.getBasedir(), path))
        .map(path -> path.isFile() ? path.getParentFile() : path)
        .anyMatch(path -> same(path, module.getBasedir()));
  }

  private static boolean same(File a, File b) {
    try {
      return a.getCanonicalFile().equals(b.getCanonicalFile());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Where relative paths start; where Maven runs without a project, that is where it was started.
   */
  static Path directory(MavenProject root) {
    return root.getBasedir() == null ? Path.of("").toAbsolutePath() : root.getBasedir().toPath();
  }

  /** Where reports and collected logs go. */
  static Path reports(MavenProject root) {
    return Path.of(root.getBuild().getDirectory()).resolve("rpi");
  }
}
