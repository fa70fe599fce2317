package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into settings: what the request gives wins over settings.xml, which wins over the
 * SSH configuration, which wins over the defaults.
 */
public final class SshResolution {

  private static final String DEFAULT_USER = "pi";
  private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK";
  private static final Path WINDOWS_AGENT = Path.of("\\\\.\\pipe\\openssh-ssh-agent");
  private static final List<String> USUAL_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  /** More than anybody chains; a configuration that leads in a circle would never end. */
  private static final int MAX_JUMPS = 8;

  private final SshRequest request;
  private final Map<String, String> environment;
  private final SshConfig.Reader reader;
  private final List<String> origins = new ArrayList<>();

  SshResolution(SshRequest request, Map<String, String> environment, SshConfig.Reader reader) {
    this.request = request;
    this.environment = Map.copyOf(environment);
    this.reader = reader;
  }

  /**
   * Reads the user's SSH configuration: by OpenSSH where it is installed.
   *
   * @param warnings receives what cannot be honoured
   */
  public static SshResolution of(SshRequest request, List<String> warnings) {
    OpenSshConfig openSsh = OpenSshConfig.installed();
    return new SshResolution(
        request,
        System.getenv(),
        question -> openSsh.read(question).orElseGet(() -> MinaSshConfig.read(question, warnings)));
  }

  /** Where each value came from, a line each; no secrets. */
  public List<String> origins() {
    return List.copyOf(origins);
  }

  /**
   * The routes to the Pi in the order in which they are tried. A host key that is known for one of
   * them is accepted on all.
   *
   * @throws DeployException when a name, a port or the SSH configuration is invalid
   */
  public List<SshSettings> routes() {
    List<SshSettings> routes = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (String host : request.hosts()) {
      SshSettings route = resolve(SshAddress.parse(host), request.jump(), true, 0);
      routes.add(route);
      names.addAll(route.trust().names());
    }
    return routes.stream()
        .map(
            route -> {
              Set<String> all = new LinkedHashSet<>(route.trust().names());
              all.addAll(names);
              return route.with(route.trust().withNames(List.copyOf(all)));
            })
        .toList();
  }

  private SshSettings resolve(SshAddress said, @Nullable String jump, boolean isPi, int depth) {
    if (depth > MAX_JUMPS) {
      throw new DeployException(
          "The SSH configuration leads through more than "
              + MAX_JUMPS
              + " servers to "
              + request.hosts().get(0)
              + ", probably in a circle; the last one is "
              + said.host(),
          "Fix ProxyJump in ~/.ssh/config: give the host that is reached directly ProxyJump none");
    }
    SshRequest.Server server = isPi ? request.server() : null;
    Integer port = isPi && request.port() != null ? request.port() : said.port();
    String user = isPi && request.user() != null ? request.user() : said.user();
    String inServer = server == null ? null : server.username();
    SshConfig config =
        reader.read(
            new SshConfig.Question(
                said.host(), port, user == null ? inServer : user, request.config()));
    String host = SshNames.host(config.get("hostname").orElse(said.host()));
    int chosenPort = port(port, config);
    String chosenUser = user(user, server, config, said.host());
    origin("host", host, host.equals(said.host()) ? "as given" : config.source());
    Optional<String> alias = config.configured("hostkeyalias");
    String jumps = jump == null ? config.configured("proxyjump").orElse("") : jump;
    SshTokens tokens =
        new SshTokens(
            new SshTokens.Host(
                said.host(),
                host,
                chosenPort,
                chosenUser,
                alias.orElse(host),
                jumps.equals(SshConfig.NO_FILE) ? "" : jumps),
            environment);
    Duration timeout =
        request.connectTimeout() == null ? config.connectTimeout() : request.connectTimeout();
    return new SshSettings(
        host,
        chosenPort,
        chosenUser,
        login(config, tokens, server),
        trust(config, tokens, alias.orElse(SshNames.knownHostsName(host, chosenPort)), isPi),
        route(config, tokens, jumps, depth),
        new Algorithms(
            config.listConfigured("ciphers"),
            config.listConfigured("macs"),
            config.listConfigured("kexalgorithms"),
            config.listConfigured("hostkeyalgorithms"),
            config.listConfigured("pubkeyacceptedalgorithms")),
        timeout,
        request.keepAlive() == null ? SshSettings.KEEP_ALIVE : request.keepAlive());
  }

  private int port(@Nullable Integer said, SshConfig config) {
    if (said != null) {
      origin("port", said, "as given");
      return said;
    }
    Optional<String> configured = config.configured("port");
    int port = configured.map(Integer::parseInt).orElse(SshNames.SSH_PORT);
    origin("port", port, configured.isPresent() ? config.source() : "default");
    return port;
  }

  private String user(
      @Nullable String said, SshRequest.@Nullable Server server, SshConfig config, String host) {
    String user = said;
    String from = "as given";
    if (user == null && server != null && server.username() != null) {
      user = server.username();
      from = "settings.xml, server " + server.id();
    }
    if (user == null && config.configured("user").isPresent()) {
      user = config.configured("user").get();
      from = config.source();
    }
    if (user == null) {
      user = DEFAULT_USER;
      from = "default";
    }
    origin("user", user, from);
    return SshNames.user(user, host);
  }

  private Login login(SshConfig config, SshTokens tokens, SshRequest.@Nullable Server server) {
    List<Path> named = new ArrayList<>();
    if (request.identityFile() != null) {
      named.add(request.identityFile());
      origin("identityFile", request.identityFile(), "as given");
    } else if (server != null && server.privateKey() != null) {
      named.add(server.privateKey());
      origin("identityFile", server.privateKey(), "settings.xml, server " + server.id());
    }
    for (String said : config.allConfigured("identityfile")) {
      Path file = tokens.path(said);
      // OpenSSH skips missing files, too.
      if (!said.equals(SshConfig.NO_FILE) && Files.isRegularFile(file) && !named.contains(file)) {
        named.add(file);
        origin("identityFile", file, config.source());
      }
    }
    Path home = Path.of(System.getProperty("user.home"), ".ssh");
    boolean replaced =
        request.identityFile() != null || !config.allConfigured("identityfile").isEmpty();
    if (request.identityText() != null) {
      origin("identity", "a key", request.identityText().source());
    }
    Optional<Path> agent = agent(config, tokens);
    agent.ifPresent(socket -> origin("agent", socket, "IdentityAgent or SSH_AUTH_SOCK"));
    Secret passphrase = request.passphrase();
    return new Login(
        Optional.ofNullable(request.identityText()),
        named,
        replaced ? List.of() : USUAL_KEYS.stream().map(home::resolve).toList(),
        config.allConfigured("certificatefile").stream().map(tokens::path).toList(),
        agent,
        config.isYes("identitiesonly"),
        Optional.ofNullable(
            passphrase == null && server != null ? server.passphrase() : passphrase),
        Optional.ofNullable(server == null ? null : server.password()));
  }

  private Optional<Path> agent(SshConfig config, SshTokens tokens) {
    String said = config.get("identityagent").orElse(AGENT_VARIABLE);
    if (said.equals(SshConfig.NO_FILE)) {
      return Optional.empty();
    }
    if (said.equals(AGENT_VARIABLE) || (said.startsWith("$") && !said.startsWith("${"))) {
      String variable = said.startsWith("$") ? said.substring(1) : said;
      Optional<Path> socket =
          Optional.ofNullable(environment.get(variable))
              .filter(value -> !value.isBlank())
              .map(Path::of);
      boolean windows = System.getProperty("os.name").startsWith("Windows");
      return socket.isEmpty() && windows ? Optional.of(WINDOWS_AGENT) : socket;
    }
    return Optional.of(tokens.path(said));
  }

  private HostTrust trust(SshConfig config, SshTokens tokens, String name, boolean isPi) {
    List<Path> files = new ArrayList<>();
    if (request.knownHosts() != null) {
      files.add(request.knownHosts());
    } else {
      files.addAll(files(config, tokens, "userknownhostsfile", "~/.ssh/known_hosts"));
      files.addAll(files(config, tokens, "globalknownhostsfile", "/etc/ssh/ssh_known_hosts"));
    }
    files.forEach(
        file ->
            origin(
                "knownHosts", file, request.knownHosts() == null ? config.source() : "as given"));
    Secret text = request.knownHostsText();
    if (text != null) {
      origin("knownHosts", "text", text.source());
    }
    String policy = request.hostKeyPolicy();
    boolean acceptNew =
        policy == null
            ? config.configured("stricthostkeychecking").filter("accept-new"::equals).isPresent()
            : policy.toLowerCase(Locale.ROOT).equals("accept-new");
    return new HostTrust(
        List.of(name),
        files,
        Optional.ofNullable(text),
        isPi ? request.hostKeys() : List.of(),
        acceptNew,
        config.isYes("hashknownhosts"),
        config
            .configured("revokedhostkeys")
            .filter(said -> !said.equals(SshConfig.NO_FILE))
            .stream()
            .map(tokens::path)
            .toList());
  }

  /** {@code ssh -G} separates paths by blanks, and does not quote paths that contain blanks. */
  private static List<Path> files(
      SshConfig config, SshTokens tokens, String keyword, String usual) {
    String said = config.get(keyword).orElse(usual);
    if (said.equals(SshConfig.NO_FILE)) {
      return List.of();
    }
    if (Files.isRegularFile(tokens.path(said))) {
      return List.of(tokens.path(said));
    }
    return List.of(said.split(" ", -1)).stream()
        .filter(path -> !path.isEmpty())
        .map(tokens::path)
        .toList();
  }

  private Route route(SshConfig config, SshTokens tokens, String jumps, int depth) {
    List<String> servers = jumps.equals(SshConfig.NO_FILE) ? List.of() : SshRequest.split(jumps);
    if (!servers.isEmpty()) {
      // ssh -J a,b: to b through a, and to a as configured.
      String last = servers.get(servers.size() - 1);
      String before = String.join(",", servers.subList(0, servers.size() - 1));
      origin("proxyJump", jumps, "through " + last);
      return new Route.Jump(
          resolve(SshAddress.parse(last), before.isEmpty() ? null : before, false, depth + 1));
    }
    Optional<String> command =
        config.configured("proxycommand").filter(said -> !said.equals(SshConfig.NO_FILE));
    if (command.isPresent() && !jumps.equals(SshConfig.NO_FILE)) {
      origin("proxyCommand", command.get(), config.source());
      return new Route.Proxy(tokens.expand(command.get()));
    }
    String family = config.get("addressfamily").orElse("any");
    return new Route.Direct(!family.equals("inet6"), !family.equals("inet"));
  }

  private void origin(String what, Object value, String from) {
    origins.add(what + " = " + value + " (" + from + ")");
  }
}
