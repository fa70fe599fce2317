package io.github.rpideploy.it.lab;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.codehaus.plexus.classworlds.ClassWorld;
import org.codehaus.plexus.classworlds.launcher.Launcher;
import org.codehaus.plexus.classworlds.realm.ClassRealm;
import org.codehaus.plexus.classworlds.realm.NoSuchRealmException;

/**
 * What runs in the process of a {@link ResidentMaven}: Maven's own launcher, once for each line
 * that is read.
 */
final class MavenBuilds {

  static final String ENDED = "build ended with ";

  private MavenBuilds() {}

  /**
   * Makes the builds that are asked for.
   *
   * @param arguments the launcher's configuration
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.setIn(InputStream.nullInputStream());
    Launcher launcher = new Launcher();
    launcher.setSystemClassLoader(Launcher.class.getClassLoader());
    boolean configured = false;
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split("\t", -1);
      // As bin/mvn has them; the configuration of the launcher wants the first, too.
      System.setProperty("maven.multiModuleProjectDirectory", words[0]);
      System.setProperty("user.dir", words[0]);
      if (!configured) {
        try (InputStream configuration = Files.newInputStream(Path.of(arguments[0]))) {
          launcher.configure(configuration);
        }
        configured = true;
      }
      // Maven makes system properties of -D options: the next build must not have those of this
      // one.
      Properties before = (Properties) System.getProperties().clone();
      Set<ClassRealm> own = Set.copyOf(launcher.getWorld().getRealms());
      launch(launcher, Arrays.copyOfRange(words, 1, words.length));
      dispose(launcher.getWorld(), own);
      System.setProperties(before);
      // On a line of its own: some Mavens leave one open that resets the colours.
      out.println();
      out.println(ENDED + launcher.getExitCode());
      out.flush();
    }
  }

  /**
   * Those of plugins and of the build are nobody's any more; Maven 3 keeps them. Nor does a
   * variable of a method that goes on refer to any.
   */
  private static void dispose(ClassWorld world, Set<ClassRealm> own) throws NoSuchRealmException {
    for (ClassRealm realm : List.copyOf(world.getRealms())) {
      if (!own.contains(realm)) {
        world.disposeRealm(realm.getId());
      }
    }
  }

  /**
   * In a thread of its own, because Maven leaves a whole build behind in the thread that made it.
   */
  private static void launch(Launcher launcher, String[] arguments) throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              try {
                launcher.launch(arguments);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "main of Maven");
    thread.setUncaughtExceptionHandler(
        (ended, failure) -> {
          failure.printStackTrace();
          System.exit(1);
        });
    thread.start();
    thread.join();
  }
}
