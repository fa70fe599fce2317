package io.github.rpideploy.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.Gson;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmTermsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "scale: 3 | scale: write deploy: {replicas: 2}",
        "scale: 0 | scale: write deploy: {replicas: 2}",
        "cpus: 0.5 | cpus: write deploy: {resources: {limits: {cpus: '0.5'}}}",
        "mem_limit: '67108864' | mem_limit: write deploy: {resources: {limits: {memory: 256M}}}",
        "network_mode: host | network_mode: write networks: a swarm connects services by overlay networks",
        "privileged: true | privileged: no swarm has it: deploy this service to one Pi with compose, from a directory of its own",
        "devices: [/dev/ttyUSB0] | devices: no swarm has it: deploy this service to one Pi with compose, from a directory of its own",
        "ports: [{mode: ingress, host_ip: 127.0.0.1, target: 81, published: '81', protocol: tcp}] | ports: 127.0.0.1:81: a swarm publishes a port on all addresses of a node; remove the address",
        "ports: [{mode: ingress, host_ip: '::1', target: 81, published: '81', protocol: tcp}] | ports: ::1:81: a swarm publishes a port on all addresses of a node; remove the address",
        "ports: ['127.0.0.1:81:81/tcp'] | ports: 127.0.0.1:81:81/tcp: a swarm publishes a port on all addresses of a node; remove the address",
        "ports: ['127.0.0.1::81'] | ports: 127.0.0.1::81: a swarm publishes a port on all addresses of a node; remove the address",
        "ports: [{target: 80, published: 8000-8002, protocol: tcp}] | ports: 8000-8002: write each port, from 1 to 65535, alone",
        "ports: [{target: 80, published: '-1'}] | ports: -1: write each port, from 1 to 65535, alone",
        "ports: [{target: 80, published: '65536'}] | ports: 65536: write each port, from 1 to 65535, alone",
        "ports: [{target: 80, published: 99999999999999999999}] | ports: 99999999999999999999: write each port, from 1 to 65535, alone",
        "ports: ['81:80'], deploy: {endpoint_mode: dnsrr} | ports: 81:80: with endpoint_mode: dnsrr write {mode: host, target: 80, published: 81}",
        "ports: [{mode: ingress, target: 80, published: 81}], deploy: {endpoint_mode: dnsrr} | ports: 81: with endpoint_mode: dnsrr write {mode: host, target: 80, published: 81}",
        "networks: {n: {ipv4_address: 10.1.0.3}} | networks: n: ipv4_address: a swarm cannot do that; remove it",
        "deploy: {mode: replicated-job} | deploy: mode: replicated-job: a job ends, and only what goes on can be proved good",
        "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}} | deploy: resources: reservations: devices: a swarm cannot do that; remove it",
        "volumes: [{type: bind, source: /home/pi/rpi/x/conf, target: /c}] | volumes: /home/pi/rpi/x/conf: only this Pi has it, and the service may run on another; write configs or secrets for files, and a named volume for data",
        "volumes: [{type: bind, source: /home/pi/rpi/x, target: /c}] | volumes: /home/pi/rpi/x: only this Pi has it, and the service may run on another; write configs or secrets for files, and a named volume for data",
        "volumes: ['/home/pi/rpi/x/conf:/c:ro'] | volumes: /home/pi/rpi/x/conf: only this Pi has it, and the service may run on another; write configs or secrets for files, and a named volume for data",
        "volumes: [{type: volume, source: v, target: /v, volume: {subpath: a}}] | volumes: /v: volume: subpath: a swarm cannot do that; remove it",
        "volumes: [{type: tmpfs, target: /t, tmpfs: {mode: 448}}] | volumes: /t: tmpfs: mode: a swarm cannot do that; remove it",
        "volumes: [{type: tmpfs, target: /t, tmpfs: {size: '1e3'}}] | volumes: /t: size: write a number of bytes, or 64m",
        "volumes: [{type: image, source: a:1, target: /i}] | volumes: /i: type: image: a swarm cannot do that; write configs or a volume",
        "tmpfs: ['/tmp:size=1m,exec'] | tmpfs: /tmp:size=1m,exec: a swarm can only give it a size; remove exec",
      })
  void what_no_swarm_does_is_refused_with_what_to_write_instead(String said, String refusal) {
    assertThat(refusals(said)).containsExactly(refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "build: {context: .} | {}",
        "container_name: a | {}",
        "depends_on: {b: {condition: service_healthy, required: true}} | {}",
        "profiles: [p] | {}",
        "x-own: {a: b} | {}",
        "privileged: false | {}",
        "oom_score_adj: 0 | {}",
        "security_opt: [] | {}",
        "ipc: '' | {}",
        "hostname: null | {}",
        "ports: ['8080:80/tcp', '8000-8002:80', '0.0.0.0:81:81', 84] | {ports: ['8080:80/tcp', '8000-8002:80', '81:81', '84']}",
        "ports: [{mode: ingress, host_ip: 0.0.0.0, target: 83, published: '83', name: x, app_protocol: http}] | {ports: [{mode: ingress, target: 83, published: 83}]}",
        "ports: [{target: 84, protocol: tcp}] | {ports: [{target: 84, protocol: tcp}]}",
        "ports: [{mode: host, target: 80, published: 81}], deploy: {endpoint_mode: dnsrr} | {ports: [{mode: host, target: 80, published: 81}], deploy: {endpoint_mode: dnsrr}}",
        "extra_hosts: [a=10.0.0.1, 'b:10.0.0.2', 'c=::1'] | {extra_hosts: ['a:10.0.0.1', 'b:10.0.0.2', 'c:::1']}",
        "extra_hosts: {a: 10.0.0.1} | {extra_hosts: ['a:10.0.0.1']}",
        "networks: {default: null, n: {priority: 7, gw_priority: 1, aliases: [x]}} | {networks: {default: {}, n: {aliases: [x]}}}",
        "networks: [n, default] | {networks: {n: {}, default: {}}}",
        "configs: [app, {source: c, mode: '0440'}, {source: c, mode: 288}] | {configs: [app, {source: c, mode: 288}, {source: c, mode: 288}]}",
        "tmpfs: /tmp | {volumes: [{type: tmpfs, target: /tmp}]}",
        "tmpfs: ['/tmp:rw,nosuid,size=2g', /run] | {volumes: [{type: tmpfs, target: /tmp, tmpfs: {size: 2147483648}}, {type: tmpfs, target: /run}]}",
        "volumes: [{type: tmpfs, target: /t, tmpfs: {size: '64'}}] | {volumes: [{type: tmpfs, target: /t, tmpfs: {size: 64}}]}",
        "volumes: [{type: bind, source: /srv, target: /s, read_only: true, bind: {selinux: z, create_host_path: true, propagation: rslave}}] | {volumes: [{type: bind, source: /srv, target: /s, read_only: true, bind: {propagation: rslave}}]}",
        "volumes: ['/srv/rpi-x/conf:/c', 'v:/v:ro', /anonymous] | {volumes: ['/srv/rpi-x/conf:/c', 'v:/v:ro', '/anonymous']}",
        "healthcheck: {disable: true} | {healthcheck: {disable: true}}",
      })
  void what_it_does_or_does_not_need_is_said_in_its_words(String said, String terms) {
    assertThat(refusals(said)).isEmpty();
    Map<String, Object> expected = ComposeTree.typed(terms);
    Map<String, Object> deploy = ComposeTree.map(expected.get("deploy"));
    deploy.put("restart_policy", Map.of("condition", "any"));
    expected.put("deploy", deploy);
    assertThat(terms(said)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "restart: 'no' | {condition: none}",
        "restart: always | {condition: any}",
        "restart: unless-stopped | {condition: any}",
        "restart: on-failure | {condition: on-failure}",
        "restart: 'on-failure:3' | {condition: on-failure, max_attempts: 3}",
        "restart: 'on-failure:99999999999' | {condition: on-failure}",
        "restart: 'no', deploy: {restart_policy: {condition: any, delay: 5s}} | {condition: any, delay: 5s}",
      })
  void restart(String said, String policy) {
    assertThat(terms(said))
        .isEqualTo(ComposeTree.typed("{deploy: {restart_policy: " + policy + "}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "networks | {driver: bridge} | driver: bridge: it ends at one Pi; write driver: overlay",
        "networks | {enable_ipv6: true} | enable_ipv6: a swarm cannot do that; remove it",
        "networks | {ipam: {options: {a: b}}} | ipam: options: a swarm cannot do that; remove it",
        "networks | {ipam: {config: [{subnet: 10.0.0.0/16, gateway: 10.0.0.1}]}} | ipam: gateway: a swarm cannot do that; remove it",
        "configs | {content: x} | content: a swarm reads it from a file; write file: ./p",
        "secrets | {environment: X} | environment: a swarm reads it from a file; write file: ./p",
      })
  void what_services_share_is_refused_too(String kind, String said, String refusal) {
    Refusals refused = new Refusals();

    SharedParts.used(
        kind,
        "home",
        List.of("p", "q"),
        ComposeTree.typed("p: " + said + "\nr: {driver: bridge}"),
        refused);

    assertThat(told(refused)).containsExactly(kind + ": p: " + refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "networks | {driver: overlay, enable_ipv4: true, enable_ipv6: false, x-a: 1} | {driver: overlay}",
        "networks | {driver: bridge, external: true, name: n} | {driver: bridge, external: true, name: n}",
        "networks | {ipam: {driver: default}} | {ipam: {driver: default, config: []}}",
        "networks | null | {}",
        "volumes | {name: home_p, external: false} | {external: false}",
        "configs | {file: /a, template_driver: golang} | {file: /a, template_driver: golang}",
        "secrets | {external: true, name: home_p} | {external: true, name: home_p}",
      })
  void the_rest_of_it_is_kept(String kind, String said, String kept) {
    Refusals refused = new Refusals();

    Object used =
        SharedParts.used(kind, "home", List.of("p"), ComposeTree.typed("p: " + said), refused);

    assertThat(told(refused)).isEmpty();
    assertThat(used).isEqualTo(ComposeTree.typed("{p: " + kept + "}"));
  }

  @Test
  void everything_that_is_refused_is_told_at_once() {
    assertThat(refusals("mem_limit: 1, privileged: true, tmpfs: '/t:exec', ports: ['1.2.3.4:1:1']"))
        .hasSize(4);
  }

  /** As Docker reads them. */
  private static Map<String, Object> terms(String said) {
    Refusals refused = new Refusals();
    Object terms = SwarmTerms.of(ComposeTree.typed("{" + said + "}"), "rpi/x", refused);
    assertThat(told(refused)).isEmpty();
    return ComposeTree.typed(new Gson().toJson(terms));
  }

  private static List<String> refusals(String said) {
    Refusals refused = new Refusals();
    SwarmTerms.of(ComposeTree.typed("{" + said + "}"), "rpi/x", refused);
    return told(refused);
  }

  private static List<String> told(Refusals refused) {
    Throwable thrown = catchThrowable(() -> refused.throwIfAny("a"));
    if (thrown == null) {
      return List.of();
    }
    assertThat(thrown).isInstanceOf(DeployException.class);
    List<String> lines = String.valueOf(thrown.getMessage()).lines().toList();
    assertThat(lines.get(0)).isEqualTo("a cannot run on a swarm as the compose file says:");
    return lines.stream().skip(1).map(String::strip).toList();
  }
}
