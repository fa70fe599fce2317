package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.smoke.BodyMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of several smoke tests, {@code <smokeTest>} in {@code <smokeTests>}. Its elements are named
 * like the parameters, without {@code smoke}: a request ({@code path} or {@code url}), a connection
 * ({@code tcp}) or a command ({@code command}).
 */
public final class SmokeTestParameters {

  @Nullable String path;
  @Nullable Integer port;
  @Nullable String url;
  int status = 200;
  String via = "tunnel";
  @Nullable String headers;
  @Nullable String body;
  @Nullable String bodyRegex;
  @Nullable String json;
  @Nullable String tcp;
  @Nullable String command;

  /**
   * What is tested: one thing for each kind of test that is configured.
   *
   * @throws DeployException when something is not valid
   */
  List<TestSpec> specs() {
    boolean direct = isDirect();
    List<TestSpec> specs = new ArrayList<>();
    boolean hasUrl = url != null && !url.isBlank();
    if (hasUrl || (path != null && !path.isBlank())) {
      specs.add(
          new TestSpec.Http(
              hasUrl ? url : null,
              path == null ? "/" : path,
              port,
              status,
              direct,
              parsedHeaders(),
              bodies()));
    } else if (headers != null || body != null || bodyRegex != null || json != null) {
      throw new DeployException(
          "A smoke test has headers or checks a body, but it has no request",
          "Add smokePath (-Drpi.smokePath=/actuator/health) or smokeUrl");
    }
    if (tcp != null && !tcp.isBlank()) {
      specs.add(connection(tcp.strip(), direct));
    }
    if (command != null && !command.isBlank()) {
      specs.add(new TestSpec.InContainer(command.strip()));
    }
    return specs;
  }

  private boolean isDirect() {
    String lower = via.toLowerCase(Locale.ROOT);
    if (!lower.equals("tunnel") && !lower.equals("direct")) {
      throw new DeployException(
          "Parameter smokeVia is " + via + ", but only tunnel and direct exist",
          "Remove it to send the smoke test through the SSH connection");
    }
    return lower.equals("direct");
  }

  /** {@code Name: value}, one per line. A wrong line is not shown: it may hold a secret. */
  private Map<String, String> parsedHeaders() {
    Map<String, String> parsed = new LinkedHashMap<>();
    for (String line : lines(headers)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new DeployException(
            "A line of smokeHeaders is not a header: it has no name and colon",
            "Write smokeHeaders (-Drpi.smokeHeaders) as Name: value, one per line");
      }
      parsed.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    return parsed;
  }

  private List<BodyMatch> bodies() {
    List<BodyMatch> matches = new ArrayList<>();
    if (body != null && !body.isEmpty()) {
      matches.add(new BodyMatch.Contains(body));
    }
    if (bodyRegex != null && !bodyRegex.isEmpty()) {
      matches.add(BodyMatch.matches(bodyRegex));
    }
    lines(json).forEach(line -> matches.add(BodyMatch.hasValue(line)));
    return matches;
  }

  private static TestSpec connection(String address, boolean direct) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0)).replaceAll("^\\[|\\]$", "");
    String port = address.substring(colon + 1);
    if (!port.matches("\\d{1,5}") || colon == 0) {
      throw new DeployException(
          "Not a TCP port: " + address,
          "Set smokeTcp (-Drpi.smokeTcp) to a port from 1 to 65535, or to host:port");
    }
    return new TestSpec.Tcp(host.isEmpty() ? null : host, Integer.valueOf(port), direct);
  }

  private static List<String> lines(@Nullable String text) {
    return text == null
        ? List.of()
        : text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
