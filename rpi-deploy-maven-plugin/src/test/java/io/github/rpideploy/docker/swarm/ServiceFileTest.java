package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what compose printed on the Pis of the lab; {@code SwarmTermsIT} has Docker read the same. */
class ServiceFileTest {

  private static final String COMPOSE_2 = resource("home-by-compose-2.yaml");
  private static final String COMPOSE_1 = resource("old-by-compose-1.yaml");

  static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(ServiceFileTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void all_that_a_swarm_does_like_compose_is_said_in_its_words() {
    ServiceFile file = ServiceFile.of(COMPOSE_2, "rpi", "web", "web:rpi-1", "sha256:1");

    assertThat(file.stack()).isEqualTo("home");
    assertThat(withoutLabels(file))
        .isEqualTo(
            json(
                """
                {"version": "3.12",
                 "services": {"web": {
                  "image": "sha256:1",
                  "cap_add": ["NET_BIND_SERVICE"], "cap_drop": ["ALL"],
                  "command": ["sh", "-c", "echo $$HOME; exec httpd -f -p 8080"],
                  "configs": [
                    {"source": "app"},
                    {"source": "app", "target": "/etc/app.conf",
                     "uid": "103", "gid": "103", "mode": 288}],
                  "deploy": {
                    "mode": "replicated", "replicas": 2, "endpoint_mode": "vip",
                    "labels": {"traefik.enable": "true"},
                    "update_config": {
                      "parallelism": 1, "delay": "10s", "failure_action": "rollback",
                      "monitor": "30s", "max_failure_ratio": 0.25, "order": "start-first"},
                    "rollback_config": {"parallelism": 0, "order": "stop-first"},
                    "resources": {
                      "limits": {"cpus": "0.5", "memory": "268435456", "pids": 100},
                      "reservations": {"cpus": "0.1", "memory": "67108864"}},
                    "placement": {
                      "constraints": ["node.role == worker", "node.platform.arch == aarch64"],
                      "preferences": [{"spread": "node.labels.room"}],
                      "max_replicas_per_node": 1},
                    "restart_policy": {"condition": "on-failure", "max_attempts": 3}},
                  "dns": ["8.8.8.8"], "dns_search": ["example.com"],
                  "entrypoint": ["/bin/entry", "--flag"],
                  "environment": {
                    "DOLLAR": "a$$b", "EMPTY": "", "FROM_FILE": "a b", "NULLED": null,
                    "NUMBER": "1000", "OCTAL": "0755", "TOKEN": "se cr$$et", "YES": "yes"},
                  "extra_hosts": ["gw:host-gateway", "printer:10.0.0.7", "v6:::1"],
                  "hostname": "web-host",
                  "healthcheck": {
                    "test": ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"],
                    "timeout": "3s", "interval": "10s", "retries": 3,
                    "start_period": "1m0s", "start_interval": "2s"},
                  "init": true,
                  "labels": {"org.example.rank": "12", "org.example.text": "on"},
                  "logging": {
                    "driver": "json-file", "options": {"max-file": "3", "max-size": "10m"}},
                  "networks": {"default": {}, "front": {"aliases": ["www"]}},
                  "ports": [
                    {"mode": "ingress", "target": 8080, "published": 8081, "protocol": "tcp"},
                    {"mode": "ingress", "target": 53, "published": 53, "protocol": "udp"},
                    {"mode": "host", "target": 9000, "published": 9000, "protocol": "tcp"}],
                  "read_only": true,
                  "secrets": [
                    {"source": "password", "target": "/run/secrets/password"},
                    {"source": "password", "target": "pw", "mode": 256}],
                  "stdin_open": true, "stop_grace_period": "1m30s", "stop_signal": "SIGTERM",
                  "sysctls": {"net.core.somaxconn": "1024"}, "tty": true,
                  "ulimits": {"nofile": {"soft": 20000, "hard": 40000}, "nproc": 65535},
                  "user": "1000:1000",
                  "volumes": [
                    {"type": "volume", "source": "data", "target": "/var/lib/web", "volume": {}},
                    {"type": "bind", "source": "/srv/media", "target": "/media",
                     "read_only": true, "bind": {}},
                    {"type": "volume", "source": "cache", "target": "/cache",
                     "volume": {"nocopy": true}},
                    {"type": "tmpfs", "target": "/run/web", "tmpfs": {"size": 67108864}},
                    {"type": "volume", "target": "/anonymous", "volume": {}},
                    {"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": 67108864}}],
                  "working_dir": "/srv"}},
                 "networks": {
                  "default": {},
                  "front": {
                    "driver": "overlay", "driver_opts": {"encrypted": "true"}, "attachable": true,
                    "ipam": {"config": [{"subnet": "10.5.0.0/16"}]}}},
                 "volumes": {
                  "cache": {
                    "driver": "local", "labels": {"keep": "yes"},
                    "driver_opts": {"device": "/srv/cache", "o": "bind", "type": "none"}},
                  "data": {}},
                 "configs": {"app": {"file": "/home/pi/rpi/app.conf"}},
                 "secrets": {"password": {"file": "/home/pi/rpi/password.txt"}}}
                """));
  }

  @Test
  void so_is_what_version_1_of_compose_prints() {
    assertThat(withoutLabels(ServiceFile.of(COMPOSE_1, "/srv/Home", "web", "web:1", "web:1")))
        .isEqualTo(
            json(
                """
                {"version": "3.9",
                 "services": {"web": {
                  "image": "web:1",
                  "command": ["sh", "-c", "echo $$HOME; exec httpd -f -p 8080"],
                  "configs": [
                    {"source": "app"}, {"source": "app", "target": "/etc/app.conf", "mode": 288}],
                  "deploy": {
                    "replicas": 2,
                    "labels": {"traefik.enable": "true", "bare": ""},
                    "update_config": {
                      "parallelism": 1, "delay": "10s", "failure_action": "rollback",
                      "max_failure_ratio": 0.25, "order": "start-first"},
                    "resources": {"limits": {"cpus": "0.5", "memory": "256M"}},
                    "restart_policy": {"condition": "on-failure", "max_attempts": 3}},
                  "environment": {
                    "COMMIT": "12e4567", "DOLLAR": "a$$b", "EMPTY": "", "FROM_FILE": "a b",
                    "NULLED": null, "NUMBER": "0755", "TOKEN": "se cr$$$$et"},
                  "extra_hosts": ["printer:10.0.0.7"],
                  "healthcheck": {
                    "test": "curl -f http://localhost:8080/health || exit 1",
                    "timeout": "3s", "interval": "10s", "retries": 3, "start_period": "1m"},
                  "networks": {"default": {}, "front": {"aliases": ["www"]}},
                  "ports": [
                    {"target": 8080, "published": 8081},
                    {"target": 53, "published": 53, "protocol": "udp"},
                    {"mode": "host", "target": 9000, "published": 9000, "protocol": "tcp"}],
                  "secrets": [{"source": "password", "target": "pw", "mode": 256}],
                  "stop_grace_period": "1m30s",
                  "volumes": [
                    "data:/var/lib/web:rw", "/srv/media:/media:ro",
                    {"type": "tmpfs", "target": "/run/web", "tmpfs": {"size": 67108864}},
                    {"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": 67108864}}]}},
                 "networks": {"default": {"attachable": true}, "front": {"driver": "overlay"}},
                 "volumes": {"data": {}},
                 "configs": {"app": {"file": "/home/pi/rpi/app.conf"}},
                 "secrets": {"password": {"file": "/home/pi/rpi/password.txt"}}}
                """));
  }

  @Test
  void version_1_prints_what_only_one_Pi_has_in_short_texts() {
    assertThatThrownBy(() -> ServiceFile.of(COMPOSE_1, "rpi", "db", "db:1", "db:1"))
        .isInstanceOf(DeployException.class)
        .hasMessage(
            """
            db cannot run on a swarm as the compose file says:
              ports: 127.0.0.1:5432:5432/tcp: a swarm publishes a port on all addresses of a node; \
            remove the address
              volumes: /home/pi/rpi/init: only this Pi has it, and the service may run on another; \
            write configs or secrets for files, and a named volume for data""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "db    | {condition: any}",
        "once  | {condition: none}",
        "plain | {condition: any}",
        "debug | {condition: any}"
      })
  void what_it_says_of_restarts_is_what_the_swarm_is_told(String service, String policy) {
    assertThat(body(ServiceFile.of(COMPOSE_2, "rpi", service, "x:1", "x:1"), service))
        .extracting(body -> body.getAsJsonObject("deploy").get("restart_policy"))
        .isEqualTo(JsonParser.parseString(policy));
  }

  @Test
  void what_it_does_not_use_is_left_out() {
    assertThat(withoutLabels(ServiceFile.of(COMPOSE_2, "rpi", "plain", "x:1", "x:1")))
        .isEqualTo(
            json(
                """
                {"version": "3.9",
                 "services": {"plain": {
                  "image": "x:1", "networks": {"default": {}},
                  "deploy": {"restart_policy": {"condition": "any"}}}},
                 "networks": {"default": {}}}
                """));
  }

  @Test
  void the_service_and_its_containers_have_the_digest_in_a_label() {
    ServiceFile file = ServiceFile.of(COMPOSE_2, "rpi", "web", "web:rpi-1", "sha256:1");

    JsonObject web = body(file, "web");
    assertThat(label(web, ServiceFile.DIGEST)).isEqualTo(file.digest());
    JsonObject deploy = web.getAsJsonObject("deploy");
    assertThat(label(deploy, ServiceFile.DIGEST)).isEqualTo(file.digest());
    assertThat(label(deploy, ServiceFile.MADE)).isEqualTo(file.made());
    assertThat(label(deploy, ServiceFile.RELEASE)).isEqualTo("web:rpi-1");
    assertThat(web.getAsJsonObject("labels").keySet())
        .containsExactlyInAnyOrder("org.example.rank", "org.example.text", ServiceFile.DIGEST);
    assertThat(file.digest() + file.made() + file.sum()).matches("[0-9a-f]{192}");
  }

  /** Another replica is no other service: the tasks that run go on. */
  @Test
  void the_digest_is_of_all_that_a_task_is_made_of() {
    ServiceFile file = web(COMPOSE_2, "sha256:1");

    ServiceFile more = web(COMPOSE_2.replace("replicas: 2", "replicas: 3"), "sha256:1");
    assertThat(more.digest()).isEqualTo(file.digest());
    assertThat(more.sum()).isNotEqualTo(file.sum());
    assertThat(more.made()).isNotEqualTo(file.made());

    ServiceFile release = web(COMPOSE_2, "sha256:2");
    assertThat(release.digest()).isNotEqualTo(file.digest());
    assertThat(release.made()).isEqualTo(file.made());

    for (String what : new String[] {"TOKEN: se cr", "mode: 288", "retries: 3", "device: /srv"}) {
      assertThat(COMPOSE_2).contains(what);
      ServiceFile other = web(COMPOSE_2.replace(what, what + "1"), "sha256:1");
      assertThat(other.digest()).as(what).isNotEqualTo(file.digest());
      assertThat(other.made()).as(what).isNotEqualTo(file.made());
    }
  }

  private static ServiceFile web(String config, String image) {
    return ServiceFile.of(config, "rpi", "web", "web:rpi-1", image);
  }

  @Test
  void another_service_another_order_and_extensions_make_no_difference() {
    ServiceFile file = ServiceFile.of(COMPOSE_2, "rpi", "plain", "x:1", "x:1");

    assertThat(COMPOSE_2).contains("    container_name: plain\n    image: plain:1\n");
    String other =
        COMPOSE_2
            .replace("postgres:17", "postgres:18")
            .replace(
                "    container_name: plain\n    image: plain:1\n",
                "    image: plain:2\n    x-rank: 1\n    container_name: other\n");
    assertThat(ServiceFile.of(other, "rpi", "plain", "x:1", "x:1")).isEqualTo(file);
  }

  @Test
  void a_name_that_the_file_gives_is_kept() {
    String config =
        """
        name: home
        services:
          a: {image: a, networks: {own: null, theirs: null, front: null}}
        networks:
          own: {name: other_own}
          theirs: {name: home_theirs, external: true}
          front: {name: home_front, ipam: {}}
        """;

    assertThat(withoutLabels(ServiceFile.of(config, "rpi", "a", "a:1", "a:1")).get("networks"))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"own": {"name": "other_own"}, "front": {},
                 "theirs": {"name": "home_theirs", "external": true}}
                """));
  }

  /** Version 1 does not print that a service is in the network of that name. */
  @Test
  void what_the_file_says_of_the_default_network_holds_for_a_service_without_networks() {
    String config = "services: {a: {image: a}}\nnetworks: {default: {attachable: true}}";

    assertThat(withoutLabels(ServiceFile.of(config, "rpi", "a", "a:1", "a:1")).get("networks"))
        .isEqualTo(JsonParser.parseString("{default: {attachable: true}}"));
  }

  @ParameterizedTest
  @CsvSource({
    "rpi, rpi",
    "/srv/Home_2/, home_2",
    "rpi/-_x.y z, xyz",
    "/, default",
    "rpi/日本, default",
  })
  void version_1_names_the_stack_by_the_directory(String directory, String stack) {
    assertThat(ServiceFile.stack("services: {}", directory)).isEqualTo(stack);
    assertThat(ServiceFile.stack("name: home", directory)).isEqualTo("home");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "services: {}", "services: {b: {image: b}}", "services: {a: b}"})
  void a_service_that_the_file_does_not_have_is_no_empty_service(String config) {
    assertThatThrownBy(() -> ServiceFile.of(config, "rpi", "a", "a:1", "a:1"))
        .isInstanceOf(DeployException.class)
        .hasMessage("Compose finds no service a in the compose file of rpi");
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static JsonObject body(ServiceFile file, String service) {
    return json(file.text()).getAsJsonObject("services").getAsJsonObject(service);
  }

  private static String label(JsonObject part, String name) {
    return part.getAsJsonObject("labels").get(name).getAsString();
  }

  /** Without those of this plugin, which have sums of all the rest. */
  private static JsonObject withoutLabels(ServiceFile file) {
    JsonObject whole = json(file.text());
    JsonElement service = whole.getAsJsonObject("services").entrySet().iterator().next().getValue();
    for (JsonObject part :
        new JsonObject[] {
          service.getAsJsonObject(), service.getAsJsonObject().getAsJsonObject("deploy")
        }) {
      JsonObject labels = part.getAsJsonObject("labels");
      labels.keySet().removeIf(name -> name.startsWith("io.github.rpideploy."));
      if (labels.isEmpty()) {
        part.remove("labels");
      }
    }
    return whole;
  }
}
