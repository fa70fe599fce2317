package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.key.AuthenticationLog;
import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.AbstractClientSession;
import org.apache.sshd.client.session.ClientConnectionService;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/** MINA's two client services, each with something that MINA does not report or count. */
final class ClientServices {

  private ClientServices() {}

  static List<ServiceFactory> with(AuthenticationLog attempts) {
    return List.of(
        new ClientUserAuthServiceFactory() {
          @Override
          public Service create(Session session) {
            return new Authentication(session, attempts);
          }
        },
        new ClientConnectionServiceFactory() {
          @Override
          public Service create(Session session) throws SshException {
            ClientConnectionService service = new Connection((AbstractClientSession) session);
            service.addPortForwardingEventListenerManager(this);
            return service;
          }
        });
  }

  /** Records the authentication methods that the server names in each refusal (RFC 4252, 5.1). */
  private static final class Authentication extends ClientUserAuthService {

    /** For each key there are two, and a server that is not hostile refuses to hear of many. */
    private static final int MESSAGES = 300;

    private final AuthenticationLog attempts;
    private int messages;

    Authentication(Session session, AuthenticationLog attempts) {
      super(session);
      this.attempts = attempts;
    }

    @Override
    protected void processUserAuth(int command, Buffer buffer, AuthFuture future) throws Exception {
      if (++messages > MESSAGES) {
        throw new SshException("the server asks without end");
      }
      if (command == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
        int start = buffer.rpos();
        attempts.serverAccepts(buffer.getString());
        buffer.rpos(start);
      }
      super.processUserAuth(command, buffer, future);
    }
  }

  /**
   * Treats every message from the Pi as a sign of life. MINA counts only answers to its own
   * requests, which on a slow link queue behind megabytes of an image and would come too late.
   *
   * <p>Drops what arrives for a channel whose reader is already closed, such as that of a smoke
   * test that has seen enough or of a command that is being ended. MINA treats that ("Pipe closed")
   * as an error of the whole connection and closes it.
   */
  private static final class Connection extends ClientConnectionService {

    Connection(AbstractClientSession session) throws SshException {
      super(session);
    }

    @Override
    public void process(int command, Buffer buffer) throws Exception {
      outstandingHeartbeats.set(0);
      super.process(command, buffer);
    }

    @Override
    public void channelData(Buffer buffer) throws IOException {
      orDropped(() -> super.channelData(buffer));
    }

    @Override
    public void channelExtendedData(Buffer buffer) throws IOException {
      orDropped(() -> super.channelExtendedData(buffer));
    }

    private void orDropped(Delivery delivery) throws IOException {
      try {
        delivery.run();
      } catch (SshException e) {
        throw e; // A breach of the protocol: there is no such channel.
      } catch (IOException e) {
        log.debug("dropped data that nobody reads any more", e);
      }
    }
  }

  private interface Delivery {
    void run() throws IOException;
  }
}
