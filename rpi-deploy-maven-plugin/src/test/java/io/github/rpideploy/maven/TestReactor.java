package io.github.rpideploy.maven;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.DefaultLifecycles;
import org.apache.maven.lifecycle.Lifecycle;
import org.apache.maven.lifecycle.LifecycleExecutor;
import org.apache.maven.lifecycle.MavenExecutionPlan;
import org.apache.maven.lifecycle.internal.ExecutionPlanItem;
import org.apache.maven.model.building.DefaultModelBuilderFactory;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.building.ModelBuildingResult;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.classworlds.ClassWorld;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.codehaus.plexus.component.configurator.ComponentConfigurationException;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.logging.Logger;
import org.codehaus.plexus.logging.console.ConsoleLogger;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

/**
 * A reactor as Maven has it when a goal runs: effective POMs by Maven's own model builder, and this
 * plugin's own descriptor. Its root is called {@code stack}, and what was added last comes last.
 */
final class TestReactor {

  private static final String JIB =
      "<groupId>com.google.cloud.tools</groupId><artifactId>jib-maven-plugin</artifactId>";

  /** Maven's names; the phases matter to nobody here. */
  private static final DefaultLifecycles LIFECYCLES =
      new DefaultLifecycles(
          Stream.of("clean", "default", "site", "wrapper")
              .collect(
                  Collectors.toMap(
                      Function.identity(), id -> new Lifecycle(id, List.of(), Map.of()))),
          new ConsoleLogger(Logger.LEVEL_DISABLED, "lifecycles"));

  private final Path directory;
  private final Properties userProperties = new Properties();
  private final List<String> modules = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private List<String> goals = List.of();
  private String root = "";

  /**
   * @param directory an empty one, for the POMs
   */
  TestReactor(Path directory) {
    this.directory = directory;
  }

  /** Jib as an element of {@code <plugins>}. */
  static String jib(String more) {
    return "<plugin>" + JIB + more + "</plugin>";
  }

  /** This plugin as an element of {@code <plugins>}. */
  static String rpi(String more) {
    return "<plugin><groupId>io.github.rpideploy</groupId>"
        + "<artifactId>rpi-deploy-maven-plugin</artifactId>"
        + more
        + "</plugin>";
  }

  /** An execution of this plugin that has the three goals of {@code mvn deploy}. */
  static String bound(String id, String configuration) {
    return "<execution><id>%s</id><goals><goal>ship</goal><goal>recreate</goal><goal>verify</goal>"
            .formatted(id)
        + "</goals><configuration>%s</configuration></execution>".formatted(configuration);
  }

  /** What the root's POM has besides its coordinates and modules. */
  TestReactor root(String pom) {
    root = pom;
    return this;
  }

  /** A module, and what its POM has besides its coordinates; also its own packaging. */
  TestReactor module(String name, String pom) throws IOException {
    modules.add(name);
    write(
        directory.resolve(name),
        "<parent><groupId>it</groupId><artifactId>stack</artifactId><version>1</version></parent>"
            + "<artifactId>%s</artifactId>".formatted(name)
            + pom);
    return this;
  }

  /** A module that builds its image with Jib, and what else is among its {@code <plugins>}. */
  TestReactor service(String name, String plugins) throws IOException {
    return module(name, "<build><plugins>" + jib("") + plugins + "</plugins></build>");
  }

  /** This build leaves the module out, as with {@code -pl}. */
  TestReactor without(String name) {
    left.add(name);
    return this;
  }

  /** What is given with {@code -D}. */
  TestReactor with(String name, String value) {
    userProperties.setProperty(name, value);
    return this;
  }

  /** All properties that are parameters of goals: {@code rpi.host}, … */
  static Set<String> properties() {
    Set<String> properties = new TreeSet<>();
    for (MojoDescriptor goal : descriptor("deploy").getPluginDescriptor().getMojos()) {
      for (PlexusConfiguration parameter : goal.getMojoConfiguration().getChildren()) {
        String value = parameter.getValue("");
        if (value.startsWith("${rpi.")) {
          properties.add(value.substring(2, value.length() - 1));
        }
      }
    }
    return properties;
  }

  /** What the command line asks for. */
  TestReactor goals(String... goals) {
    this.goals = List.of(goals);
    return this;
  }

  /** The goal as the command line runs it. */
  static MojoExecution called(String goal) {
    return new MojoExecution(descriptor(goal), "default-cli", MojoExecution.Source.CLI);
  }

  /** The goal as an execution in the POM runs it. */
  static MojoExecution bound(String goal, String id, String phase) {
    MojoExecution execution =
        new MojoExecution(descriptor(goal), id, MojoExecution.Source.LIFECYCLE);
    execution.setLifecyclePhase(phase);
    return execution;
  }

  /** The build that runs. */
  MavenSession session() throws IOException {
    String list = String.join("", modules.stream().map("<module>%s</module>"::formatted).toList());
    write(
        directory,
        "<groupId>it</groupId><artifactId>stack</artifactId><version>1</version>"
            + "<packaging>pom</packaging>"
            + (modules.isEmpty() ? "" : "<modules>" + list + "</modules>")
            + root);
    MavenProject top = project(directory);
    top.setExecutionRoot(true);
    List<MavenProject> all = new ArrayList<>(List.of(top));
    for (String module : modules) {
      MavenProject project = project(directory.resolve(module));
      project.setParent(top);
      all.add(project);
    }
    DefaultMavenExecutionRequest request = new DefaultMavenExecutionRequest();
    request.setUserProperties(userProperties);
    request.setGoals(goals);
    request.setBaseDirectory(directory.toFile());
    MavenSession session = session(request);
    session.setProjects(
        all.stream().filter(module -> !left.contains(module.getArtifactId())).toList());
    session.setAllProjects(all);
    return session;
  }

  @SuppressWarnings("deprecation") // the only one that needs no container
  private static MavenSession session(DefaultMavenExecutionRequest request) {
    return new MavenSession(
        null, new DefaultRepositorySystemSession(), request, new DefaultMavenExecutionResult());
  }

  /** What a goal sees of it. */
  Modules modules(MojoExecution goal) throws IOException {
    return new Modules(session(), goal, new BasicComponentConfigurator(), decrypter());
  }

  /** Sets what Maven sets before it runs a goal in a module; other parameters have no value. */
  static <T extends RpiMojo> T prepare(T mojo, MavenSession session, MojoExecution goal) {
    mojo.session = session;
    mojo.execution = goal;
    mojo.project = session.getCurrentProject();
    mojo.setLog(new SystemStreamLog());
    return mojo;
  }

  /** As Maven's, of {@code mvn deploy}: what is bound in a module. */
  static LifecycleExecutor lifecycle() {
    return (LifecycleExecutor)
        Proxy.newProxyInstance(
            LifecycleExecutor.class.getClassLoader(),
            new Class<?>[] {LifecycleExecutor.class},
            (proxy, method, arguments) -> {
              MavenProject module = ((MavenSession) arguments[0]).getCurrentProject();
              return new MavenExecutionPlan(
                  module.getBuildPlugins().stream()
                      .filter(plugin -> plugin.getArtifactId().equals("rpi-deploy-maven-plugin"))
                      .flatMap(plugin -> plugin.getExecutions().stream())
                      .flatMap(
                          execution ->
                              execution.getGoals().stream()
                                  .map(
                                      goal -> TestReactor.bound(goal, execution.getId(), "deploy")))
                      .map(ExecutionPlanItem::new)
                      .toList(),
                  LIFECYCLES);
            });
  }

  /** The same, with all parameters as Maven has them for a goal that the command line runs. */
  static <T extends RpiMojo> T configure(T mojo, MavenSession session, MojoExecution goal)
      throws ComponentConfigurationException {
    MojoDescriptor descriptor = goal.getMojoDescriptor();
    new BasicComponentConfigurator()
        .configureComponent(
            mojo,
            descriptor.getMojoConfiguration(),
            new PluginParameterExpressionEvaluator(session, goal),
            descriptor.getPluginDescriptor().getClassRealm());
    return prepare(mojo, session, goal);
  }

  /** One that finds nothing encrypted. */
  static SettingsDecrypter decrypter() {
    return new DefaultSettingsDecrypter(new DefaultSecDispatcher(new DefaultPlexusCipher()));
  }

  private static MojoDescriptor descriptor(String goal) {
    try (InputStream file = TestReactor.class.getResourceAsStream("/META-INF/maven/plugin.xml");
        Reader reader =
            new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8)) {
      PluginDescriptor plugin = new PluginDescriptorBuilder().build(reader);
      plugin.setClassRealm(
          new ClassWorld("rpi", TestReactor.class.getClassLoader()).getRealm("rpi"));
      return plugin.getMojo(goal);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private MavenProject project(Path directory) {
    Path pom = directory.resolve("pom.xml");
    try {
      ModelBuildingResult model =
          new DefaultModelBuilderFactory()
              .newInstance()
              .build(
                  new DefaultModelBuildingRequest()
                      .setPomFile(pom.toFile())
                      .setProcessPlugins(true)
                      .setUserProperties(userProperties)
                      .setSystemProperties(System.getProperties())
                      .setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL));
      MavenProject project = new MavenProject(model.getEffectiveModel());
      project.setOriginalModel(model.getRawModel());
      project.setFile(pom.toFile());
      project.addCompileSourceRoot(project.getBuild().getSourceDirectory());
      return project;
    } catch (ModelBuildingException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path directory, String pom) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("pom.xml"),
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
            + pom
            + "</project>");
  }
}
