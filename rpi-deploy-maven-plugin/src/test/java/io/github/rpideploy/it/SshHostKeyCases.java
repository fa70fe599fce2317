package io.github.rpideploy.it;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which servers are trusted, and which are not asked for anything. */
final class SshHostKeyCases {

  private static final String GROUP = "host key";
  private static final String[] ALL_KEYS = {
    "HostKey %K/host.rsa", "HostKey %K/host.ecdsa", "HostKey %K/host"
  };

  private final SshLab lab;
  private final List<SshCase> cases = new ArrayList<>();

  private SshHostKeyCases(SshLab lab) {
    this.lab = lab;
  }

  static void keys(SshLab lab) throws Exception {
    lab.key("host", "", "-t", "ed25519");
    lab.key("host.rsa", "", "-t", "rsa", "-b", "3072");
    lab.key("host.ecdsa", "", "-t", "ecdsa");
    lab.key("impostor", "", "-t", "ed25519");
    lab.key("host.ca", "", "-t", "ed25519");
    lab.key("host.ca2", "", "-t", "rsa", "-b", "2048");
    for (String name : List.of("named", "unnamed", "lapsed")) {
      lab.key(name, "", "-t", "ed25519");
    }
    lab.certify("host.ca", "named", "-h", "-I", "pi", "-n", lab.address() + ",pi.example");
    lab.certify("host.ca", "unnamed", "-h", "-I", "pi", "-n", "other.example");
    lab.certify(
        "host.ca", "lapsed", "-h", "-I", "pi", "-n", lab.address(), "-V", "20200101:20200102");
  }

  static List<SshCase> of(SshLab lab) throws Exception {
    SshHostKeyCases it = new SshHostKeyCases(lab);
    it.known();
    it.places();
    it.unknown();
    it.pinned();
    it.acceptNew();
    it.certificates();
    return it.cases;
  }

  private void known() throws Exception {
    SshLab.Server server = lab.server(ALL_KEYS);
    for (String key : List.of("host", "host.rsa", "host.ecdsa")) {
      accept("only " + key + " of three is known", with(server, server.known(key)));
    }
    String hostKey = lab.publicKey("host");
    String name = "[" + server.host() + "]:" + server.port();
    Path hashed = lab.write("hashed", server.known("host"));
    Lab.run(List.of("ssh-keygen", "-q", "-H", "-f", hashed.toString()));
    accept("hashed name", server.request().withKnownHosts(hashed));
    accept("wildcard", with(server, "[*]:22?? " + hostKey + "\n"));
    accept("one of several names", with(server, "pi,10.0.0.1," + name + " " + hostKey + "\n"));
    accept(
        "known under the bare name, on another port",
        with(server, server.host() + " " + hostKey + "\n"));
    accept(
        "a comment and a broken line before",
        with(server, "# pi\nbroken\n\n" + server.known("host")));
    accept(
        "another key of the host is known, too",
        with(server, server.known("impostor") + server.known("host")));
  }

  private void places() throws Exception {
    SshLab.Server server = lab.server("HostKey %K/host");
    Path right = lab.write("right", server.known("host"));
    Path empty = lab.write("empty", "");
    accept(
        "lines in RPI_KNOWN_HOSTS",
        server
            .request()
            .withKnownHosts(empty)
            .withKnownHostsText(new Secret(server.known("host"), "RPI_KNOWN_HOSTS")));
    acceptLike("UserKnownHostsFile", server, "UserKnownHostsFile " + right);
    acceptLike(
        "the second of UserKnownHostsFile", server, "UserKnownHostsFile " + empty + " " + right);
    acceptLike(
        "GlobalKnownHostsFile",
        server,
        "UserKnownHostsFile " + empty,
        "GlobalKnownHostsFile " + right);
    Path alias = lab.write("alias", "pi-in-the-cupboard " + lab.publicKey("host") + "\n");
    acceptLike(
        "HostKeyAlias", server, "HostKeyAlias pi-in-the-cupboard", "UserKnownHostsFile " + alias);
    Path elsewhere = lab.write("elsewhere", server.known("impostor"));
    refuseLike(
        "HostKeyAlias of which another key is known",
        server,
        lab.server("HostKey %K/impostor"),
        "HostKeyAlias pi-in-the-cupboard",
        "UserKnownHostsFile " + alias);
    accept(
        "rpi.knownHosts wins over the configuration",
        server
            .request()
            .withKnownHosts(right)
            .withConfig(config(server, "UserKnownHostsFile " + elsewhere).toString()));
  }

  private void unknown() throws Exception {
    refuse(
        "unknown",
        "",
        "is not known: it offers ssh-ed25519 " + lab.fingerprint("host"),
        "ssh-keyscan");
    refuse(
        "another port of the host is known",
        "[" + lab.address() + "]:1 " + lab.publicKey("host") + "\n",
        "is not known");
    SshLab.Server changed = lab.server("HostKey %K/host");
    Path file = lab.write("changed", changed.known("impostor"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "man in the middle: another key is known",
                () -> request(changed).withKnownHosts(file),
                "has changed",
                lab.fingerprint("host"),
                lab.fingerprint("impostor"),
                file + ":1",
                "ssh-keygen -R")
            .without(changed));
    SshLab.Server other = lab.server("HostKey %K/host");
    Path rsa = lab.write("rsaonly", other.known("host.rsa"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "man in the middle: a key of another type is known",
                () -> request(other).withKnownHosts(rsa),
                "has changed",
                lab.fingerprint("host.rsa"))
            .without(other));
    SshLab.Server revoked = lab.server("HostKey %K/host");
    Path marked =
        lab.write("revoked", revoked.known("host") + "@revoked * " + lab.publicKey("host") + "\n");
    cases.add(
        SshCase.refuses(
                GROUP,
                "@revoked",
                () -> request(revoked).withKnownHosts(marked),
                "is revoked",
                marked + ":2",
                lab.fingerprint("host"))
            .without(revoked));
    SshLab.Server negated = lab.server("HostKey %K/host");
    Path not =
        lab.write(
            "negated",
            "!"
                + negated.host()
                + ",!["
                + negated.host()
                + "]:"
                + negated.port()
                + ",* "
                + lab.publicKey("host")
                + "\n");
    cases.add(
        SshCase.refuses(
                GROUP,
                "a name that the line excludes",
                () -> request(negated).withKnownHosts(not),
                "is not known")
            .without(negated));
    SshLab.Server listed = lab.server("HostKey %K/host");
    Path list = lab.write("revoked.list", lab.publicKey("host") + "\n");
    refuseLike(
        "RevokedHostKeys",
        listed,
        listed,
        "RevokedHostKeys " + list,
        "UserKnownHostsFile " + lab.write("listed", listed.known("host")));
    SshLab.Server careless = lab.server("HostKey %K/host");
    String config =
        config(
                careless,
                "StrictHostKeyChecking no",
                "UserKnownHostsFile " + lab.file("nothing-yet"))
            .toString();
    cases.add(
        SshCase.refuses(
                GROUP,
                "StrictHostKeyChecking no is never honoured",
                () -> request(careless).withConfig(config),
                "is not known")
            .without(careless));
  }

  private void pinned() throws Exception {
    SshLab.Server server = lab.server(ALL_KEYS);
    Path wrong = lab.write("wrong", server.known("impostor"));
    accept(
        "pinned by fingerprint, whatever files say",
        request(server).withKnownHosts(wrong).withHostKeys(List.of(lab.fingerprint("host"))));
    accept(
        "pinned by public key, RSA",
        request(server).withHostKeys(List.of(lab.publicKey("host.rsa"))));
    accept(
        "one of two that are pinned",
        request(server)
            .withHostKeys(List.of(lab.fingerprint("impostor"), lab.fingerprint("host"))));
    SshLab.Server other = lab.server("HostKey %K/host");
    Path right = lab.write("pinright", other.known("host"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "another key is pinned, whatever files say",
                () ->
                    request(other)
                        .withKnownHosts(right)
                        .withHostKeys(List.of(lab.fingerprint("impostor"))),
                "is not the pinned one",
                lab.fingerprint("host"),
                lab.fingerprint("impostor"),
                "-Drpi.hostKey=")
            .without(other));
    SshLab.Server revoked = lab.server("HostKey %K/host");
    Path marked = lab.write("pinrevoked", "@revoked * " + lab.publicKey("host") + "\n");
    cases.add(
        SshCase.refuses(
                GROUP,
                "pinned and revoked",
                () ->
                    request(revoked)
                        .withKnownHosts(marked)
                        .withHostKeys(List.of(lab.fingerprint("host"))),
                "is revoked")
            .without(revoked));
  }

  private void acceptNew() throws Exception {
    SshLab.Server server = lab.server("HostKey %K/host");
    Path fresh = lab.file("fresh/known_hosts");
    accept(
        "accept-new: unknown",
        request(server).withKnownHosts(fresh).withHostKeyPolicy("accept-new"),
        "added to " + fresh);
    accept("and known from then on", request(server).withKnownHosts(fresh));
    Path inConfig = lab.file("fresh2");
    accept(
        "StrictHostKeyChecking accept-new, HashKnownHosts",
        request(server)
            .withConfig(
                config(
                        server,
                        "StrictHostKeyChecking accept-new",
                        "HashKnownHosts yes",
                        "UserKnownHostsFile " + inConfig)
                    .toString()),
        "added to " + inConfig);
    cases.add(
        SshCase.accepts(
                GROUP,
                "and OpenSSH finds the hashed name",
                () -> {
                  String line = Files.readString(inConfig);
                  if (!line.startsWith("|1|")) {
                    throw new AssertionError("not hashed: " + line);
                  }
                  return request(server).withKnownHosts(inConfig);
                })
            .like(
                "-F",
                config(
                        server,
                        "StrictHostKeyChecking yes",
                        "UserKnownHostsFile " + inConfig,
                        "IdentityFile " + lab.file("ed25519"),
                        "User pi")
                    .toString(),
                "-p",
                String.valueOf(server.port()),
                server.host()));
    SshLab.Server changed = lab.server("HostKey %K/host");
    Path wrong = lab.write("acceptwrong", changed.known("impostor"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "accept-new: changed",
                () -> request(changed).withKnownHosts(wrong).withHostKeyPolicy("accept-new"),
                "has changed")
            .without(changed));
  }

  private void certificates() throws Exception {
    String authority = "@cert-authority * " + lab.publicKey("host.ca") + "\n";
    SshLab.Server named = lab.server("HostKey %K/named", "HostCertificate %K/named-cert.pub");
    accept("certificate by a known authority", with(named, authority));
    accept(
        "authority for the host's port only",
        with(named, authority.replace("*", "[" + named.host() + "]:" + named.port())));
    accept("a key that is known, though there is a certificate", with(named, named.known("named")));
    acceptLike(
        "certificate for the HostKeyAlias",
        named,
        "HostKeyAlias pi.example",
        "UserKnownHostsFile " + lab.write("authorities.known", authority));
    refuseBy(
        "certificate by another authority",
        "named",
        "@cert-authority * " + lab.publicKey("host.ca2") + "\n",
        "signed by another authority",
        lab.fingerprint("host.ca"));
    refuseBy("certificate for another host", "unnamed", authority, "invalid principal");
    refuseBy("certificate that has expired", "lapsed", authority, "expired");
    refuseBy(
        "certificate by a revoked authority",
        "named",
        authority + authority.replace("cert-authority", "revoked"),
        "is revoked");
    refuseBy(
        "authority that is for other hosts",
        "named",
        authority.replace("*", "*.example"),
        "is not known");
    refuseBy(
        "the authority's key as the host's own",
        "named",
        "* " + lab.publicKey("host.ca") + "\n",
        "has changed");
  }

  private void refuseBy(String name, String key, String known, String... evidence)
      throws Exception {
    SshLab.Server server =
        lab.server("HostKey %K/" + key, "HostCertificate %K/" + key + "-cert.pub");
    Path file = lab.write("known" + server.port(), known);
    cases.add(
        SshCase.refuses(GROUP, name, () -> request(server).withKnownHosts(file), evidence)
            .without(server));
  }

  private void refuse(String name, String known, String... evidence) throws Exception {
    SshLab.Server server = lab.server("HostKey %K/host");
    Path file = lab.write("known" + server.port(), known);
    cases.add(
        SshCase.refuses(GROUP, name, () -> request(server).withKnownHosts(file), evidence)
            .without(server));
  }

  private void accept(String name, SshRequest request, String... evidence) throws Exception {
    SshRequest complete = request.withIdentityFile(lab.file("ed25519"));
    cases.add(SshCase.accepts(GROUP, name, () -> complete, evidence));
  }

  /** OpenSSH's client comes in with the same configuration, too. */
  private void acceptLike(String name, SshLab.Server server, String... lines) throws Exception {
    Path config = config(server, lines);
    cases.add(
        SshCase.accepts(GROUP, name, () -> request(server).withConfig(config.toString()))
            .like(like(server, config)));
  }

  private void refuseLike(String name, SshLab.Server named, SshLab.Server asked, String... lines)
      throws Exception {
    Path config = config(named, lines);
    cases.add(
        SshCase.refuses(
                GROUP, name, () -> request(asked).withConfig(config.toString()), "The host key of")
            .without(asked)
            .like(like(asked, config)));
  }

  private String[] like(SshLab.Server server, Path config) {
    return new String[] {
      "-F",
      config.toString(),
      "-o",
      "StrictHostKeyChecking=yes",
      "-i",
      lab.file("ed25519").toString(),
      "-p",
      String.valueOf(server.port()),
      "pi@" + server.host()
    };
  }

  private Path config(SshLab.Server server, String... lines) throws Exception {
    return lab.write(
        "config.k" + cases.size(),
        "Host " + server.host() + "\n  " + String.join("\n  ", lines) + "\n");
  }

  private SshRequest with(SshLab.Server server, String known) throws Exception {
    return request(server).withKnownHosts(lab.write("known.k" + cases.size(), known));
  }

  private SshRequest request(SshLab.Server server) throws Exception {
    return server.request().withIdentityFile(lab.file("ed25519"));
  }
}
