package io.github.rpideploy.it;

import io.github.rpideploy.it.lab.SshAgentProcess;
import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** With what one may come in, and with what not. */
final class SshIdentityCases {

  private static final String GROUP = "identity";

  /** More than the servers of the lab grant attempts. */
  private static final int MANY = 7;

  private final SshLab lab;
  private final List<SshAgentProcess> agents;
  private final List<SshCase> cases = new ArrayList<>();

  private SshIdentityCases(SshLab lab, List<SshAgentProcess> agents) {
    this.lab = lab;
    this.agents = agents;
  }

  /** Makes the keys; the servers know them after {@link SshLab#install}. */
  static void keys(SshLab lab) throws Exception {
    lab.key("ed25519", "", "-t", "ed25519");
    lab.key("ecdsa256", "", "-t", "ecdsa", "-b", "256");
    lab.key("ecdsa384", "", "-t", "ecdsa", "-b", "384");
    lab.key("ecdsa521", "", "-t", "ecdsa", "-b", "521");
    lab.key("rsa", "", "-t", "rsa", "-b", "3072");
    lab.key("rsa.pem", "", "-t", "rsa", "-b", "2048", "-m", "PEM");
    lab.key("ecdsa.pem", "", "-t", "ecdsa", "-m", "PEM");
    lab.key("rsa.pk8", "", "-t", "rsa", "-b", "2048", "-m", "PKCS8");
    lab.key("ecdsa.pk8", "", "-t", "ecdsa", "-m", "PKCS8");
    lab.key("locked", "open sesame", "-t", "ed25519");
    lab.key("locked.rsa", "open sesame", "-t", "rsa", "-b", "2048");
    lab.key("locked.pem", "open sesame", "-t", "rsa", "-b", "2048", "-m", "PEM");
    lab.key("locked.pk8", "open sesame", "-t", "rsa", "-b", "2048", "-m", "PKCS8");
    StringBuilder authorized = new StringBuilder();
    for (String name :
        List.of(
            "ed25519",
            "ecdsa256",
            "ecdsa384",
            "ecdsa521",
            "rsa",
            "rsa.pem",
            "ecdsa.pem",
            "rsa.pk8",
            "ecdsa.pk8",
            "locked",
            "locked.rsa",
            "locked.pem",
            "locked.pk8")) {
      authorized.append(lab.publicKey(name)).append('\n');
    }
    lab.write("authorized", authorized.toString());
    lab.key("stranger", "", "-t", "ed25519");
    lab.key("ca", "", "-t", "ed25519");
    lab.key("ca.rsa", "", "-t", "rsa", "-b", "2048");
    for (String name : List.of("certified", "agented", "expired", "others", "apart")) {
      lab.key(name, "", "-t", "ed25519");
    }
    lab.certify("ca", "certified", "-I", "me", "-n", "pi");
    lab.certify("ca", "agented", "-I", "me", "-n", "pi");
    lab.certify("ca", "expired", "-I", "me", "-n", "pi", "-V", "20200101:20200102");
    lab.certify("ca", "others", "-I", "me", "-n", "somebody");
    lab.certify("ca", "apart", "-I", "me", "-n", "pi");
    Files.move(lab.file("apart-cert.pub"), lab.file("elsewhere-cert.pub"));
    lab.key("certified.rsa", "", "-t", "rsa", "-b", "2048");
    lab.certify("ca.rsa", "certified.rsa", "-I", "me", "-n", "pi");
    lab.write("authorities", lab.publicKey("ca") + "\n" + lab.publicKey("ca.rsa") + "\n");
    for (int i = 0; i < MANY; i++) {
      lab.key("many" + i, "", "-t", "ed25519");
    }
  }

  static List<SshCase> of(SshLab lab, List<SshAgentProcess> agents) throws Exception {
    SshIdentityCases it = new SshIdentityCases(lab, agents);
    it.files();
    it.texts();
    it.agents();
    it.certificates();
    it.passwords();
    it.failures();
    return it.cases;
  }

  private void files() throws Exception {
    SshRequest known = known(lab.server("HostKey %K/host"), "host");
    for (String name :
        List.of(
            "ed25519",
            "ecdsa256",
            "ecdsa384",
            "ecdsa521",
            "rsa",
            "rsa.pem",
            "ecdsa.pem",
            "rsa.pk8",
            "ecdsa.pk8")) {
      accept("key file " + name, known.withIdentityFile(lab.file(name)), name);
    }
    for (String name : List.of("locked", "locked.rsa", "locked.pem", "locked.pk8")) {
      accept(
          "encrypted key file " + name + ", RPI_SSH_KEY_PASSPHRASE",
          known.withIdentityFile(lab.file(name)).withPassphrase(secret("open sesame")),
          name);
    }
    cases.add(
        SshCase.accepts(
                GROUP,
                "encrypted key file, passphrase asked for",
                () -> known.withIdentityFile(lab.file("locked")),
                "locked")
            .answering(question -> Optional.of("open sesame")));
    accept(
        "encrypted key file, passphrase of the settings.xml server",
        known.withServer(
            new SshRequest.Server("pi", null, lab.file("locked"), secret("open sesame"), null)),
        "locked");
    Files.setPosixFilePermissions(
        lab.key("open", "", "-t", "ed25519"), PosixFilePermissions.fromString("rw-r--r--"));
    refuse(
        "key file that others can read, unknown to the server",
        known.withIdentityFile(lab.file("open")),
        "every key was refused");
  }

  private void texts() throws Exception {
    SshRequest known = known(lab.server("HostKey %K/host"), "host");
    for (String name : List.of("ed25519", "rsa", "ecdsa.pk8")) {
      accept("key as text, " + name, known.withIdentityText(text(name)), "from RPI_SSH_KEY");
    }
    accept(
        "encrypted key as text",
        known.withIdentityText(text("locked")).withPassphrase(secret("open sesame")),
        "from RPI_SSH_KEY");
    refuse(
        "encrypted key as text, no passphrase",
        known.withIdentityText(text("locked")),
        "RPI_SSH_KEY is encrypted with a passphrase",
        "RPI_SSH_KEY_PASSPHRASE");
    refuse(
        "text that is no key",
        known.withIdentityText(new Secret("hello", "RPI_SSH_KEY")),
        "RPI_SSH_KEY holds no private key");
  }

  private void agents() throws Exception {
    SshLab.Server server = lab.server("HostKey %K/host");
    for (String name : List.of("ed25519", "ecdsa384", "rsa")) {
      accept(
          "key of the agent, " + name,
          configured(server, "IdentityAgent " + agent(name)),
          "the ssh-agent (" + name + ")");
    }
    accept(
        "encrypted key file that the agent holds",
        configured(
            server, "IdentityFile " + lab.file("ed25519.pub"), "IdentityAgent " + agent("ed25519")),
        "the ssh-agent");
    refuse(
        "IdentityAgent none",
        configured(server, "IdentityAgent none", "IdentityFile " + lab.file("stranger")),
        "every key was refused");
    String[] many = new String[MANY];
    for (int i = 0; i < MANY; i++) {
      many[i] = "many" + i;
    }
    Path crowd = agent(many);
    accept(
        "seven other keys in the agent, the right file in the configuration",
        configured(server, "IdentityAgent " + crowd, "IdentityFile " + lab.file("ed25519")),
        "ed25519");
    accept(
        "seven other keys in the agent, IdentitiesOnly",
        configured(
            server,
            "IdentityAgent " + crowd,
            "IdentitiesOnly yes",
            "IdentityFile " + lab.file("ed25519")),
        "ed25519");
    refuse(
        "seven other keys in the agent and nothing else",
        configured(server, "IdentityAgent " + crowd),
        "Too many authentication failures",
        "-Drpi.identityFile");
    refuse(
        "an agent that is gone",
        configured(
            server, "IdentityAgent " + lab.file("gone"), "IdentityFile " + lab.file("stranger")),
        "every key was refused",
        "the ssh-agent at " + lab.file("gone") + ", which does not answer");
    accept(
        "PubkeyAcceptedAlgorithms rsa-sha2-256",
        configured(
            server, "IdentityFile " + lab.file("rsa"), "PubkeyAcceptedAlgorithms rsa-sha2-256"),
        "rsa");
  }

  private void certificates() throws Exception {
    SshLab.Server server =
        lab.server(
            "HostKey %K/host", "TrustedUserCAKeys %K/authorities", "AuthorizedKeysFile none");
    SshRequest known = known(server, "host");
    accept(
        "certificate beside the key file",
        known.withIdentityFile(lab.file("certified")),
        "certified-cert.pub");
    accept(
        "RSA certificate by an RSA authority",
        known.withIdentityFile(lab.file("certified.rsa")),
        "certified.rsa-cert.pub");
    accept(
        "CertificateFile",
        configured(
            server,
            "IdentityFile " + lab.file("apart"),
            "CertificateFile " + lab.file("elsewhere-cert.pub")),
        "elsewhere-cert.pub");
    accept(
        "certificate in the agent",
        configured(server, "IdentityAgent " + agent("agented")),
        "-cert-v01@openssh.com");
    refuse(
        "certificate that has expired",
        known.withIdentityFile(lab.file("expired")),
        "expired-cert.pub, which is valid from");
    refuse(
        "certificate for somebody else",
        known.withIdentityFile(lab.file("others")),
        "every key was refused",
        "others-cert.pub");
  }

  private void passwords() throws Exception {
    lab.pi()
        .asRoot(
            "id secretive >/dev/null 2>&1 || useradd --create-home --shell /bin/bash secretive;"
                + " echo secretive:correct-horse | chpasswd;"
                + " id nobodyasks >/dev/null 2>&1 || useradd --create-home --shell /bin/bash"
                + " nobodyasks; passwd -d nobodyasks >/dev/null");
    SshRequest byPassword =
        known(lab.server("HostKey %K/host", "PasswordAuthentication yes"), "host")
            .withUser("secretive");
    SshRequest interactive =
        known(
                lab.server("HostKey %K/host", "UsePAM yes", "KbdInteractiveAuthentication yes"),
                "host")
            .withUser("secretive");
    accept(
        "password of the settings.xml server",
        byPassword.withServer(password("correct-horse")),
        "the password (password) from settings.xml");
    accept(
        "the same, keyboard-interactive",
        interactive.withServer(password("correct-horse")),
        "the password (keyboard-interactive) from settings.xml");
    refuse(
        "wrong password",
        byPassword.withServer(password("wrong-horse")),
        "Tried: the password (password) from settings.xml");
    accept(
        "method none, as of Tailscale SSH",
        known(
                lab.server(
                    "HostKey %K/host", "PasswordAuthentication yes", "PermitEmptyPasswords yes"),
                "host")
            .withUser("nobodyasks"),
        "authentication=none");
  }

  private void failures() throws Exception {
    SshRequest known = known(lab.server("HostKey %K/host"), "host");
    refuse(
        "a key that the server does not know",
        known.withIdentityFile(lab.file("stranger")),
        "every key was refused",
        lab.fingerprint("stranger"),
        "The server accepts: publickey",
        "ssh-copy-id");
    refuse(
        "a wrong passphrase",
        known.withIdentityFile(lab.file("locked")).withPassphrase(secret("close sesame")),
        "is not opened by RPI_SSH_KEY_PASSPHRASE");
    refuse(
        "an encrypted key and nobody to ask",
        known.withIdentityFile(lab.file("locked")),
        "is encrypted with a passphrase",
        "ssh-add");
    refuse(
        "a key file that is not there",
        known.withIdentityFile(lab.file("missing")),
        "The private key file does not exist");
    lab.write("text", "not a key\n");
    refuse(
        "a file that is no key",
        known.withIdentityFile(lab.file("text")),
        "holds no private key in the format of OpenSSH, PEM or PKCS#8");
    refuse(
        "a user that does not exist",
        known.withUser("nobody-here").withIdentityFile(lab.file("ed25519")),
        "Cannot log in to nobody-here@");
  }

  private void accept(String name, SshRequest request, String... evidence) {
    cases.add(SshCase.accepts(GROUP, name, () -> request, evidence));
  }

  private void refuse(String name, SshRequest request, String... evidence) {
    cases.add(SshCase.refuses(GROUP, name, () -> request, evidence));
  }

  private SshRequest known(SshLab.Server server, String hostKey) throws Exception {
    return server
        .request()
        .withKnownHosts(lab.write("known" + server.port(), server.known(hostKey)));
  }

  /** With a configuration file that says what the user would have in ~/.ssh/config. */
  private SshRequest configured(SshLab.Server server, String... lines) throws Exception {
    Path config =
        lab.write(
            "config" + cases.size(),
            "Host " + server.host() + "\n  " + String.join("\n  ", lines) + "\n");
    return known(server, "host").withConfig(config.toString());
  }

  private Path agent(String... names) throws Exception {
    Path[] keys = new Path[names.length];
    for (int i = 0; i < names.length; i++) {
      keys[i] = lab.file(names[i]);
    }
    SshAgentProcess agent = new SshAgentProcess(lab.file("agent" + agents.size())).with(keys);
    agents.add(agent);
    return agent.socket();
  }

  private Secret text(String name) throws Exception {
    return new Secret(Files.readString(lab.file(name)), SshRequest.KEY_VARIABLE);
  }

  private static Secret secret(String value) {
    return new Secret(value, SshRequest.PASSPHRASE_VARIABLE);
  }

  private static SshRequest.Server password(String password) {
    return new SshRequest.Server(
        "pi", null, null, null, new Secret(password, "settings.xml, server pi"));
  }
}
