package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.GsonBuilder;
import io.github.rpideploy.docker.file.ComposeTree;
import io.github.rpideploy.it.lab.Lab;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real compose prints and a real {@code docker stack deploy} reads, on a swarm of one Pi.
 */
class SwarmTermsIT {

  private static Lab pi;

  @BeforeAll
  static void a_swarm_of_one_Pi() throws Exception {
    pi = Lab.up("terms");
    pi.asRoot("docker swarm init --advertise-addr \"$(hostname -i)\"");
    pi.ssh("mkdir -p rpi/stack && cd rpi && echo conf >app.conf && echo pw >password.txt");
    put("rpi/.env", "PORT=8080\nTOKEN=se cr$$et\n");
    put("rpi/web.env", "FROM_FILE=\"a b\"\n");
    put("rpi/compose.yaml", ServiceFileTest.resource("home.yaml"));
  }

  @AfterAll
  static void take_down() throws Exception {
    pi.down();
  }

  @Test
  void compose_prints_what_the_unit_tests_read() throws Exception {
    assertThat(printed().strip())
        .isEqualTo(ServiceFileTest.resource("home-by-compose-2.yaml").strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"db", "once", "plain", "debug", "web"})
  void docker_reads_what_is_made_of_each_service(String service) throws Exception {
    ServiceFile file = ServiceFile.of(printed(), "rpi", service, "x:rpi-1", "x:rpi-1");

    assertThat(deploy(file.text(), "home")).doesNotContain("gnoring", "warn");

    assertThat(inspected("home_" + service)).contains(file.digest());
  }

  @Test
  void what_docker_reads_is_what_compose_would_do() throws Exception {
    deploy(ServiceFile.of(printed(), "rpi", "web", "x:rpi-1", "x:rpi-1").text(), "home");

    assertThat(inspected("home_web"))
        .contains(
            "\"DOLLAR=a$b\"",
            "\"TOKEN=se cr$et\"",
            "\"FROM_FILE=a b\"",
            "echo $HOME; exec httpd -f -p 8080",
            "\"StartInterval\":2000000000",
            "\"MaxAttempts\":3",
            "\"MaxFailureRatio\":0.25",
            "\"NanoCPUs\":500000000,\"MemoryBytes\":268435456,\"Pids\":100",
            "\"Target\":\"/run/web\",\"TmpfsOptions\":{\"SizeBytes\":67108864}",
            "\"Target\":\"/tmp\",\"TmpfsOptions\":{\"SizeBytes\":67108864}",
            "\"Name\":\"/etc/app.conf\",\"UID\":\"103\",\"GID\":\"103\",\"Mode\":288",
            "\"Name\":\"pw\",\"UID\":\"0\",\"GID\":\"0\",\"Mode\":256",
            "10.0.0.7 printer",
            "::1 v6",
            "\"PublishedPort\":9000,\"PublishMode\":\"host\"");
  }

  /** Each is refused by docker as compose prints it, or by its words at the latest. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mem_limit: '67108864' | mem_limit: Set resource limits using deploy.resources",
        "scale: 3 | scale is not allowed",
        "cpus: 0.5 | cpus is not allowed",
        "pids_limit: 7 | pids_limit is not allowed",
        "oom_score_adj: 7 | oom_score_adj is not allowed",
        "group_add: [x] | group_add is not allowed",
        "ports: [{host_ip: 127.0.0.1, target: 81, published: 81}] | host_ip is not allowed",
        "ports: [{target: 81, published: 8000-8002}] | published must be a integer",
        "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}} | devices is not allowed",
        "ports: ['81:81'], deploy: {endpoint_mode: dnsrr} | ingress mode can't be used with dnsrr",
        "volumes: [{type: image, source: a, target: /i}] | volume type must be",
        "networks: {n: null}; networks: {n: {driver: bridge}} | Only networks scoped to the swarm",
        "networks: {n: null}; networks: {n: {enable_ipv6: true}} | enable_ipv6 is not allowed",
        "networks: {n: null}; networks: {n: {ipam: {config: [{gateway: 10.9.0.1}]}}} | gateway is not allowed",
        "configs: [c]; configs: {c: {content: x}} | content is not allowed",
        "secrets: [c]; secrets: {c: {environment: HOME}} | environment is not allowed",
      })
  void what_we_refuse_docker_refuses(String said, String complaint) throws Exception {
    assertThat(refused(said)).isTrue();

    assertThat(catchThrowable(() -> deploy(json(said), "refused"))).hasMessageContaining(complaint);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "privileged: true | unsupported options: privileged",
        "network_mode: host | unsupported options: network_mode",
        "devices: ['/dev/null:/dev/null'] | unsupported options: devices",
        "security_opt: ['no-new-privileges:true'] | unsupported options: security_opt",
        "ports: ['127.0.0.1:81:81/tcp'] | will listen on '0.0.0.0'",
      })
  void or_it_leaves_it_out_with_a_notice(String said, String notice) throws Exception {
    assertThat(refused(said)).isTrue();

    assertThat(deploy(json(said), "left")).contains(notice);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "networks: {n: {ipv4_address: 10.77.0.9}}; networks: {n: {ipam: {config: [{subnet: 10.77.0.0/24}]}}} | 10.77.0.9",
        "volumes: [{type: tmpfs, target: /t, tmpfs: {size: 64, mode: 448}}] | 448",
        "volumes: [{type: volume, source: v, target: /t, volume: {subpath: below}}]; volumes: {v: {}} | below",
        "tmpfs: ['/somewhere:exec'] | somewhere",
      })
  void or_without_a_word(String said, String lost) throws Exception {
    assertThat(refused(said)).isTrue();

    assertThat(deploy(json(said), "silent")).doesNotContain("gnoring", "warn");
    assertThat(inspected("silent_a")).doesNotContain(lost);
  }

  private static boolean refused(String said) {
    String top = said.contains("; ") ? said.substring(said.indexOf("; ") + 2) : "";
    String config = "services: {a: {" + said.replaceFirst("; .*", "") + "}}\n" + top;
    return catchThrowable(() -> ServiceFile.of(config, "rpi", "a", "x", "x")) != null;
  }

  /** As it is, which is what a program would hand on that does not look at it. */
  private static String json(String said) {
    String[] parts = said.split("; ", 2);
    Map<String, Object> service = ComposeTree.typed("{" + parts[0] + "}");
    service.put("image", "x");
    service.putIfAbsent("deploy", Map.of("replicas", 0));
    Map<String, Object> whole = new TreeMap<>(ComposeTree.typed(parts.length == 2 ? parts[1] : ""));
    whole.put("version", "3.9");
    whole.put("services", Map.of("a", service));
    return new GsonBuilder().serializeNulls().create().toJson(whole);
  }

  private static String printed() throws Exception {
    return pi.ssh("cd rpi && docker compose --profile '*' config");
  }

  private static String deploy(String text, String stack) throws Exception {
    put("rpi/stack/file", text);
    return pi.ssh(
        "cd rpi && docker stack deploy --detach=true --resolve-image never -c stack/file "
            + stack
            + " 2>&1");
  }

  private static String inspected(String service) throws Exception {
    return pi.ssh("docker service inspect --format '{{json .Spec}}' " + service);
  }

  private static void put(String file, String text) throws Exception {
    String coded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    assertThat(List.of(pi.ssh("echo " + coded + " | base64 -d >" + file))).containsExactly("");
  }
}
