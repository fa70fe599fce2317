package io.github.rpideploy.docker;

import io.github.rpideploy.docker.swarm.Swarm;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Everything that a Pi is asked: how a good answer looks, and how it is read. */
enum Answer {
  PROBE(
      """
      docker /usr/bin/docker
      server 26.1.5+dfsg1 linux arm64
      driver overlayfs
      status [["driver-type","io.containerd.snapshotter.v1"]]
      root /var/lib/docker
      compose v2.26.1-4
      emulates-arm yes
      image %1$s a:latest %1$s %2$s
      image =1 b:latest =0
      note %1$s %1$s 100g crc00000000
      space 12345678 /var/lib/docker
      unwritable /root
      unsettled a
      config 0
      name: rpi
      services:
        a:
          image: a:latest
          depends_on: {b: {condition: service_started}}
          ports: [{published: "8081", target: 80, host_ip: 127.0.0.1, protocol: tcp}]
        b:
          image: b
          mem_limit: 64m
      """) {
    @Override
    Object read(RemoteHost pi) {
      ProbeResult result = Probe.of(pi, "rpi", null, false);
      return List.of(
          result,
          result.docker().engine(),
          result.docker().engine().readsZstd(),
          result.compose().read());
    }
  },

  CONTAINER(
      """
      {"id":"%1$s","image":"sha256:%2$s","restarts":2,"state":{"Status":"running","Running":true,\
      "OOMKilled":false,"ExitCode":0,"Error":"","StartedAt":"2026-11-25T10:00:00.123456789Z",\
      "Health":{"Status":"healthy","FailingStreak":0,"Log":[{"ExitCode":0,"Output":"ok"}]}},\
      "memory":67108864,"configHash":"%1$s"}
      """) {
    @Override
    Object read(RemoteHost pi) {
      Container container = containers(pi).inspect("a").orElseThrow();
      return List.of(container, container.running());
    }
  },

  ENVIRONMENT("[\"PATH=/usr/bin:/bin\",\"TOKEN=secret\",\"EMPTY=\"]\n") {
    @Override
    Object read(RemoteHost pi) {
      return containers(pi).environment("a");
    }
  },

  EXITS("die 137\noom <no value>\ndie 1\n") {
    @Override
    Object read(RemoteHost pi) {
      return containers(pi).exits("a", Duration.ofMinutes(1));
    }
  },

  IMAGES(
      """
      image %1$s a:latest a:rpi-0123456789ab %1$s %2$s
      image %2$s =1 =0 b:latest
      note %1$s %1$s 100g %2$s 7n crc00000000
      space 12345678 /var/lib/docker
      """) {
    @Override
    Object read(RemoteHost pi) {
      return new Images(pi, DOCKER, ENGINE).contents();
    }
  },

  PROOF(
      """
      loaded 0 Loaded image: a
      found a:rpi-0123456789ab sha256:%1$s sha256:%1$s sha256:%2$s
      absent b:rpi-0123456789ab no such image
      unusable c:rpi-0123456789ab no space left on device
      unrecorded a:rpi-0123456789ab
      """) {
    @Override
    Object read(RemoteHost pi) {
      return new Images(pi, DOCKER, ENGINE).load(Stdin.EMPTY, List.of());
    }
  },

  INVENTORY(
      """
      line {"when":"2026-11-25T10:00:00Z","who":"me@laptop","outcome":"verified","services":[]}
      tag sha256:%1$s a:latest
      tag sha256:%2$s a:rpi-0123456789ab
      used sha256:%1$s
      other b:rpi-0123456789ab
      busy
      written
      complete
      """) {
    @Override
    Object read(RemoteHost pi) {
      return docker(pi).inventory("rpi", "");
    }
  },

  STATUS(
      """
      line {"when":"2026-11-25T10:00:00Z","who":"me@laptop","outcome":"verified","services":[]}
      container a %3$simage {"id":"sha256:%2$s","tags":["a:latest"],"labels":{"maintainer":"me"}}
      tag sha256:%2$s a:latest
      memory %1$s 12.5MiB / 1.9GiB
      unsettled a
      replacing b
      """) {
    @Override
    Object read(RemoteHost pi) {
      return docker(pi).projectStatus("rpi");
    }
  },

  SERVICE(
      """
      image sha256:%2$s
      container %3$snamed a:latest a:rpi-0123456789ab
      line {"when":"2026-11-25T10:00:00Z","who":"me@laptop","outcome":"verified","services":[]}
      tag sha256:%2$s a:rpi-0123456789ab
      """) {
    @Override
    Object read(RemoteHost pi) {
      return docker(pi).compose("rpi").now("a", "a:rpi-0123456789ab", "a", "a:latest");
    }
  },

  HASHES("a %1$s\nb %2$s\n") {
    @Override
    Object read(RemoteHost pi) {
      return docker(pi).compose("rpi").hashes(null, "*");
    }
  },

  RECREATED("up 0\ncontainer %1$s\n") {
    @Override
    Object read(RemoteHost pi) {
      HeldLock lock =
          new HeldLock(
              "lock",
              "token",
              () -> {
                throw new AssertionError("not lost");
              });
      return docker(pi)
          .compose("rpi")
          .changes()
          .recreate(
              lock,
              new ServiceChanges.Change("a", "", "a:1", "a:latest", Set.of(), List.of(), 0),
              () -> {});
    }
  },

  SWARM_NODES(
      """
      swarm active true n1
      managers [{"NodeID":"n1","Addr":"172.18.0.2:2377"}]
      node {"id":"n1","name":"kitchen","address":"0.0.0.0","state":"ready","availability":"active",\
      "role":"manager","architecture":"aarch64","labels":{"room":"kitchen"},\
      "manager":{"Leader":true,"Reachability":"reachable","Addr":"172.18.0.2:2377"}}
      node {"id":"n2","name":"attic","address":"172.18.0.3","state":"down","availability":"drain",\
      "role":"worker","architecture":"x86_64","labels":null,"manager":null}
      """) {
    @Override
    Object read(RemoteHost pi) {
      return swarm(pi).nodes();
    }
  },

  SWARM_NOW(
      """
      image sha256:%2$s
      runs %1$s %2$s a:rpi-0123456789ab
      task {"id":"t1","node":"n1","desired":"running","state":"running","error":"",\
      "at":"2026-11-25T10:00:00Z","status":{"ContainerID":"%1$s","PID":1,"ExitCode":0},\
      "labels":{"io.github.rpideploy.digest":"%1$s"}}
      line {"when":"2026-11-25T10:00:00Z","who":"me@laptop","outcome":"verified","services":[]}
      tag sha256:%2$s a:rpi-0123456789ab
      """) {
    @Override
    Object read(RemoteHost pi) {
      return swarm(pi).now("home", "a", "a:rpi-0123456789ab", "a");
    }
  },

  SWARM_PROGRESS(
      """
      service {"update":{"State":"paused","StartedAt":"2026-11-25T10:00:00Z","Message":"paused"},\
      "labels":{"io.github.rpideploy.digest":"%1$s"},"mode":{"Replicated":{"Replicas":2}}}
      task {"id":"t1","node":"n1","desired":"ready","state":"rejected","error":"No such image: a",\
      "at":"2026-11-25T10:00:00Z","status":{"ContainerID":"","PID":0,"ExitCode":0},\
      "labels":{"io.github.rpideploy.digest":"%1$s"}}
      """) {
    @Override
    Object read(RemoteHost pi) {
      return Objects.requireNonNull(swarm(pi).progress("home", "a"));
    }
  },

  EXAMINATION(
      """
      begin 1795611939.769769365
      kernel aarch64
      page 16384
      throttled throttled=0x0
      interpreter perl
      disk tmp 123456 1000 2000 /tmp
      directory /home/pi/rpi
      unsettled a
      listener tcp 0100007F:1F91
      listener udp 00000000000000000000000000000000:0035
      process tcp 8081 java (process 7)
      daemon-json yes
      rotates yes
      docker /usr/bin/docker
      server 26.1.5 linux arm64
      driver overlay2
      status [["Backing Filesystem","extfs"]]
      root /var/lib/docker
      memory 4096000000
      limits-memory false
      log-driver local
      security ["name=rootless"]
      disk docker 123456 - - /var/lib/docker
      published x-a-1\t/home/pi/rpi\ta\t127.0.0.1:18081->80/tcp, 0.0.0.0:9000-9002->9000-9002/udp
      compose 2.26.1
      =yaml
      services: {a: {image: a, ports: ["127.0.0.1:8080:80/tcp"]}}
      =config 0
      level=warning msg="The \\"TOKEN\\" variable is not set. Defaulting to a blank string."
      =end 1795611940.1
      """) {
    @Override
    Object read(RemoteHost pi) {
      return Examination.of(pi, "rpi", null, false);
    }
  };

  private static final DockerCommand DOCKER = DockerCommand.of("", "docker");

  private static final Engine ENGINE =
      new Engine("28.5", Engine.CONTAINERD, "linux", "arm64", Set.of(), "/");

  private final String sample;

  Answer(String sample) {
    this.sample = sample;
  }

  /** Reads all of what the Pi says. */
  abstract Object read(RemoteHost pi);

  /** Reads what was printed. */
  Object read(String printed) {
    return read(saying(new ExecResult(0, null, printed, "")));
  }

  /** What a good Pi prints. */
  String good() {
    String container = this == CONTAINER ? "" : CONTAINER.good();
    return sample.formatted("1".repeat(64), "2".repeat(64), container);
  }

  private static Containers containers(RemoteHost pi) {
    return new Containers(pi, DOCKER);
  }

  private static Docker docker(RemoteHost pi) {
    ComposeCommand compose = ComposeCommand.of(DOCKER.with("compose"), "2.30.0");
    return new Docker(
        pi,
        DOCKER,
        ENGINE,
        compose,
        new EngineContents(List.of(), List.of()),
        ProbeResult.Project.EMPTY);
  }

  private static Swarm swarm(RemoteHost pi) {
    return new Swarm(pi, docker(pi), "rpi");
  }

  /** A Pi that gives one answer to everything. */
  static RemoteHost saying(ExecResult result) {
    return new RemoteHost() {
      @Override
      public String name() {
        return "pi@pi:22";
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
        return result;
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        return result;
      }

      @Override
      public Socket socket() {
        throw new AssertionError("not asked for");
      }
    };
  }
}
