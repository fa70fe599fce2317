package io.github.rpideploy.ssh;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.ssh.settings.Login;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.AbstractUserAuthFactory;
import org.apache.sshd.server.auth.UserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/** What a server that is known may ask and say while somebody logs in. */
final class LoginTricks {

  private static final String ESCAPES = HandshakeTricks.ESCAPES;
  private static final String INTERACTIVE = "keyboard-interactive";
  private static final int FAILURE = SshConstants.SSH_MSG_USERAUTH_FAILURE;

  private LoginTricks() {}

  /** What the server says to each request of a method; it never accepts one. */
  private interface Answer {
    void to(ServerSession session) throws IOException;
  }

  static void addTo(Tricks tricks) {
    refused(tricks, "one key more, without an end", "publickey", LoginTricks::partly);
    refused(tricks, "one password more, without an end", "password", LoginTricks::partly);
    refused(tricks, "questions at the login without an end", INTERACTIVE, LoginTricks::noPrompt);
    refused(tricks, "a thousand questions", INTERACTIVE, session -> prompts(session, 1000));
    refused(tricks, "a billion questions", INTERACTIVE, session -> prompts(session, 1 << 30));
    refused(tricks, "banners of escape sequences", "publickey", LoginTricks::banners);
    refused(tricks, "methods of 200 kB", "publickey", LoginTricks::methods);
    refused(tricks, "a success of garbage", "publickey", session -> say(session, 60));
  }

  private static void refused(Tricks tricks, String name, String method, Answer answer) {
    tricks.refused(name, home -> login(home, method, answer), "Cannot log in to pi@127.0.0.1:");
  }

  private static void login(Path home, String method, Answer answer) throws IOException {
    Pi prepared = Pi.prepared();
    prepared.server().setUserAuthFactories(List.of(asking(method, answer)));
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(prepared.server(), Integer.MAX_VALUE);
    try (Pi pi = prepared.start()) {
      pi.connect(settings(pi, Files.createDirectories(home.resolve(".given")))).close();
    }
  }

  private static SshSettings settings(Pi pi, Path given) {
    SshSettings settings = pi.settings(given);
    Login login = settings.login();
    return settings
        .with(
            new Login(
                login.text(),
                login.named(),
                login.usual(),
                login.certificates(),
                login.agent(),
                login.namedOnly(),
                login.passphrase(),
                Optional.of(new Secret(Tricks.SECRET, "a test"))))
        .withTimeouts(HostileServer.LONG, HostileServer.LONG);
  }

  private static Buffer message(ServerSession session, int command) {
    return session.createBuffer((byte) command);
  }

  private static void say(ServerSession session, int command) throws IOException {
    session.writePacket(message(session, command));
  }

  private static void partly(ServerSession session) throws IOException {
    Buffer buffer = message(session, FAILURE);
    buffer.putString("publickey,password");
    buffer.putBoolean(true);
    session.writePacket(buffer);
  }

  private static void noPrompt(ServerSession session) throws IOException {
    prompts(session, 0);
  }

  private static void prompts(ServerSession session, int count) throws IOException {
    Buffer buffer = message(session, SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST);
    buffer.putString(ESCAPES);
    buffer.putString(ESCAPES);
    buffer.putString("");
    buffer.putInt(count);
    for (int i = 0; i < Math.min(count, 1000); i++) {
      buffer.putString("Password" + ESCAPES);
      buffer.putBoolean(true);
    }
    session.writePacket(buffer);
  }

  private static void banners(ServerSession session) throws IOException {
    for (int i = 0; i < 5000; i++) {
      Buffer buffer = message(session, SshConstants.SSH_MSG_USERAUTH_BANNER);
      buffer.putString(ESCAPES.repeat(20));
      buffer.putString("");
      session.writePacket(buffer);
    }
    refusal(session, "publickey");
  }

  private static void methods(ServerSession session) throws IOException {
    refusal(session, (ESCAPES + ",").repeat(5000));
  }

  private static void refusal(ServerSession session, String methods) throws IOException {
    Buffer buffer = message(session, FAILURE);
    buffer.putString(methods);
    buffer.putBoolean(false);
    session.writePacket(buffer);
  }

  /** One method, of which the server says nothing by itself. */
  private static UserAuthFactory asking(String method, Answer answer) {
    return new AbstractUserAuthFactory(method) {
      @Override
      public UserAuth createUserAuth(ServerSession session) {
        return new AbstractUserAuth(method) {
          @Override
          protected @Nullable Boolean doAuth(Buffer buffer, boolean init) throws IOException {
            answer.to(session);
            return null;
          }
        };
      }
    };
  }
}
