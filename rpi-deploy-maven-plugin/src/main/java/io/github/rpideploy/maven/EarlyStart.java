package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.maven.parameters.OwnPom;
import io.github.rpideploy.maven.session.BuildEvents;
import io.github.rpideploy.ssh.SshConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Named;
import javax.inject.Singleton;
import org.apache.maven.AbstractMavenLifecycleParticipant;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MavenPluginManager;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.classworlds.realm.ClassRealm;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Where the plugin is an extension of the build ({@code <extensions>true</extensions>}): what
 * {@code mvn deploy} begins with on the Pi is done beside Maven's own work. Classes are loaded from
 * the start; the Pi is connected to and looked at as soon as the first service is packaged, so that
 * what was seen is not old when a goal needs it. A build that deploys nothing is left alone.
 *
 * <p>Only for goals that the POM binds: for one of the command line, Maven loads the plugin a
 * second time, and that one sees nothing of this.
 */
@Named("rpi-deploy-early-start")
@Singleton
public final class EarlyStart extends AbstractMavenLifecycleParticipant {

  private static final String GROUP = "io.github.rpideploy";

  /** Those of our goals that can be bound and begin with a look at the Pi. */
  private static final Set<String> LOOKING = Set.of("ship", "recreate", "verify", "plan", "status");

  private final MavenPluginManager plugins;
  private final ComponentConfigurator configurator;
  private final SettingsDecrypter decrypter;

  /** Called by Maven. */
  @Inject
  public EarlyStart(
      MavenPluginManager plugins,
      @Named("basic") ComponentConfigurator configurator,
      SettingsDecrypter decrypter) {
    this.plugins = plugins;
    this.configurator = configurator;
    this.decrypter = decrypter;
  }

  @Override
  public void afterProjectsRead(MavenSession session) {
    Optional<String> goal = goal(session);
    if (goal.isPresent()) {
      EarlyLooks.of(session)
          .start(
              packaged(session),
              CompletableFuture.supplyAsync(
                  () -> {
                    SshConnection.warmUp();
                    Deployer.warmUp();
                    return targets(session, goal.get());
                  },
                  EarlyLooks::inBackground));
    }
  }

  @Override
  public void afterSessionEnd(MavenSession session) {
    EarlyLooks.of(session).close();
  }

  /** One of our goals that is bound and will look at the Pi; empty when none does. */
  static Optional<String> goal(MavenSession session) {
    return session.getProjects().stream()
        .flatMap(EarlyStart::plugin)
        .flatMap(plugin -> plugin.getExecutions().stream())
        .filter(execution -> session.getGoals().contains(phase(execution)))
        .flatMap(execution -> execution.getGoals().stream())
        .filter(LOOKING::contains)
        .findFirst();
  }

  private static String phase(PluginExecution execution) {
    return execution.getPhase() == null ? "deploy" : execution.getPhase();
  }

  private static Stream<Plugin> plugin(MavenProject module) {
    return module.getBuildPlugins().stream()
        .filter(
            plugin ->
                plugin.getGroupId().equals(GROUP) && plugin.getArtifactId().equals(OwnPom.PLUGIN));
  }

  /** When that begins for the first module that is more than a POM. */
  private static CompletableFuture<Void> packaged(MavenSession session) {
    CompletableFuture<Void> packaged = new CompletableFuture<>();
    BuildEvents.atEachGoal(
        session.getRequest(),
        event -> {
          MojoExecution goal = event.getMojoExecution();
          if (!event.getProject().getPackaging().equals("pom")
              && ("package".equals(goal.getLifecyclePhase()) || Jib.isOf(goal))) {
            packaged.complete(null);
          }
        });
    return packaged;
  }

  /** Where the services of the build go. */
  private List<TargetStack> targets(MavenSession session, String goal) {
    return session.getProjects().stream()
        .flatMap(module -> plugin(module).flatMap(plugin -> targets(session, module, plugin, goal)))
        .distinct()
        .toList();
  }

  private Stream<TargetStack> targets(
      MavenSession session, MavenProject module, Plugin plugin, String goal) {
    Modules modules = modules(session, module, plugin, goal);
    Parameters parameters = modules.parametersOf(module);
    return Participants.skipped(modules, parameters).isPresent()
        ? Stream.empty()
        : modules.targets(parameters).stream();
  }

  private Modules modules(MavenSession session, MavenProject module, Plugin plugin, String goal) {
    try {
      MojoDescriptor descriptor =
          plugins.getMojoDescriptor(
              plugin, goal, module.getRemotePluginRepositories(), session.getRepositorySession());
      if (descriptor.getPluginDescriptor().getClassRealm() == null) {
        descriptor
            .getPluginDescriptor()
            .setClassRealm((ClassRealm) EarlyStart.class.getClassLoader());
      }
      return new Modules(
          session,
          new MojoExecution(descriptor, "default", MojoExecution.Source.LIFECYCLE),
          configurator,
          decrypter);
    } catch (Exception e) {
      // Of half a dozen kinds, of which Maven tells when it runs the goal.
      throw new IllegalStateException(e);
    }
  }
}
