package io.github.rpideploy.deploy.doctor;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceChecksTest {

  private static final String ITSELF = "/home/pi/rpi/x\tauth-server\t127.0.0.1:8081->8080/tcp";

  @ParameterizedTest
  @MethodSource("flaws")
  void a_flaw_shows_in_its_own_check_with_its_fix(Flaw flaw) {
    flaw.isShown();
  }

  static Stream<Flaw> flaws() {
    return Stream.of(
        Flaw.named("a directory that cannot be written")
            .prints("unwritable /home/pi/rpi/x\ndirectory /home/pi", "directory /home/pi")
            .fails("directory", "rpi/x cannot be written: the user may not", "-Drpi.directory"),
        Flaw.named("a service that a deploy has left without a verdict")
            .prints("directory /home/pi/rpi/x\nunsettled auth\n", "directory /home/pi/rpi/x\n")
            .warns("directory", "a deploy ended before it had verified auth", "Deploy again"),
        Flaw.named("a directory that cannot be made")
            .prints("unwritable /srv\n", "directory /home/pi/rpi/x\n")
            .prints("\t\t\n", ITSELF)
            .prints("", "listener tcp 0100007F:1F91\n")
            .fails("directory", "cannot be made: the user may not write /srv", "-Drpi.directory"),
        Flaw.named("a service that the compose file does not know")
            .prints("  auth:\n", "  auth-server:\n")
            .fails("compose file", "no service auth-server, only auth, extension", "rpi.service"),
        Flaw.named("a service without image")
            .prints("build: {context: .}\n", "image: extension-server\n")
            .fails("compose file", "no image for extension-server", "image: extension-server"),
        Flaw.named("a compose file that compose refuses")
            .prints("=config 15\nservices.x.ports must be a list\n", "=config 0\n")
            .fails("compose file", "services.x.ports must be a list", "compose.yaml"),
        Flaw.named("a variable without value")
            .prints(
                "=config 0\nlevel=warning msg=\"The \\\"TOKEN\\\" variable is not set. Default\"\n",
                "=config 0\n")
            .warns("compose file", "have no value: TOKEN", "rpi/x/.env"),
        Flaw.named("a dollar sign in a password")
            .prints(
                """
                =config 0
                The "A" variable is not set.
                The "swordfish" variable is not set.
                """,
                "=config 0\n")
            .warns("compose file", "no value: A and 1 whose name is not in capitals", "$$"),
        Flaw.named("a variable without value, as compose 1 says it")
            .prints("=config 0\nWARNING: The TOKEN variable is not set. Default\n", "=config 0\n")
            .warns("compose file", "have no value: TOKEN", "rpi/x/.env"),
        Flaw.named("a port that the same service of another directory holds")
            .prints("/home/pi/old\tauth-server\t0.0.0.0:8081->8080/tcp, :::8081->8080/tcp", ITSELF)
            .fails(
                "ports",
                "auth-server 127.0.0.1:8081 is held by container x-auth-server-1"
                    + " (service auth-server of /home/pi/old)",
                "docker stop x-auth-server-1"),
        Flaw.named("a port that a container holds which compose did not make")
            .prints("\t\t127.0.0.1:8081->8080/tcp", ITSELF)
            .fails("ports", "is held by container x-auth-server-1", "docker stop x-auth-server-1"),
        Flaw.named("a port within the range of a container")
            .prints(ITSELF + ", 0.0.0.0:8080-8083->80-83/tcp", ITSELF)
            .fails("ports", "extension-server 8082 is held by container", "docker stop"),
        Flaw.named("a port that a process holds")
            .prints("listener tcp 00000000:1F92", "listener tcp 00000000:0016")
            .fails("ports", "extension-server 8082 is held by another process", "sport = :8082"),
        Flaw.named("a port that a process of the user holds, on one address")
            .prints("listener tcp 0100007F:1F92", "listener tcp 00000000:0016")
            .prints("process tcp 8082 ", "process tcp 9000 ")
            .fails("ports", "extension-server 8082 is held by java (process 812)", "sudo ss"),
        Flaw.named("a port that a process holds on IPv6")
            .prints("listener tcp " + "0".repeat(32) + ":1F92", "listener tcp 00000000:0016")
            .fails("ports", "extension-server 8082 is held by another process", "sudo ss"),
        Flaw.named("a port that two services of the compose file publish")
            .prints("published: \"8081\"", "published: \"8082\"")
            .fails(
                "ports",
                "auth-server and extension-server both publish port 127.0.0.1:8081",
                "Publish another port for one of them"),
        Flaw.named("a service that is needed and whose image is not there")
            .prints(
                "  auth-server:\n    depends_on: {db: {condition: service_healthy}}\n",
                "  auth-server:\n")
            .prints("services:\n  db: {image: 'postgres:17'}\n", "services:\n")
            .warns(
                "other services",
                "db, needed by auth-server, would be started: it has no container yet,"
                    + " postgres:17 would be pulled",
                "docker pull postgres:17"),
        Flaw.named("a service that is needed and unhealthy")
            .prints(
                "  auth-server:\n    depends_on: {db: {condition: service_healthy}}\n",
                "  auth-server:\n")
            .prints("services:\n  db: {image: 'postgres:17'}\n", "services:\n")
            .prints(
                "member db /x-db-1 {\"id\":\"c1\",\"image\":\"i\",\"state\":{\"Status\":\"running\","
                    + "\"Health\":{\"Status\":\"unhealthy\"}}}\ncompose 2.26",
                "compose 2.26")
            .fails(
                "other services",
                "db, needed by auth-server, is not good: health: unhealthy",
                "-Drpi.others=leave"),
        Flaw.named("a limit above the memory that there is")
            .prints("\"5368709120\"", "\"268435456\"")
            .warns("memory limits", "less than extension-server may take", "mem_limit"),
        Flaw.named("limits that are too much together")
            .prints("\"4000000000\"", "\"268435456\"")
            .warns("memory limits", "may take 4.5 GB", "mem_limit"));
  }
}
