package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.key.SshKey;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** An ssh-agent with the two messages that a client needs: list the keys, and sign. */
final class Agent implements AutoCloseable {

  private static final int REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final int SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;
  private static final int RSA_SHA2_512 = 4;

  private final List<KeyPair> keys;
  private final ServerSocketChannel server;

  private Agent(ServerSocketChannel server, List<KeyPair> keys) {
    this.server = server;
    this.keys = keys;
  }

  static Agent at(Path socket, KeyPair... keys) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      Agent agent = new Agent(server, List.of(keys));
      Thread thread = new Thread(agent::serve);
      thread.setDaemon(true);
      thread.start();
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        DataInputStream in = new DataInputStream(Channels.newInputStream(client));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client));
        while (true) {
          Buffer answer = answer(new ByteArrayBuffer(in.readNBytes(in.readInt())));
          out.writeInt(answer.available());
          out.write(answer.getCompactData());
        }
      } catch (Exception e) {
        // The client has closed its connection, or the test the agent.
      }
    }
  }

  private Buffer answer(Buffer request) throws Exception {
    int type = request.getUByte();
    Buffer answer = new ByteArrayBuffer();
    if (type == REQUEST_IDENTITIES) {
      answer.putByte(IDENTITIES_ANSWER);
      answer.putInt(keys.size());
      for (KeyPair key : keys) {
        answer.putPublicKey(key.getPublic());
        answer.putString("key of the agent");
      }
    } else if (type == SIGN_REQUEST) {
      answer.putByte(SIGN_RESPONSE);
      answer.putBytes(sign(request));
    }
    return answer;
  }

  private byte[] sign(Buffer request) throws Exception {
    SshKey wanted = SshKey.of(request.getPublicKey());
    byte[] data = request.getBytes();
    KeyPair pair =
        keys.stream()
            .filter(key -> SshKey.of(key.getPublic()).equals(wanted))
            .findFirst()
            .orElseThrow();
    String type = KeyUtils.getKeyType(pair);
    String algorithm =
        (request.getInt() & RSA_SHA2_512) != 0 && type.equals("ssh-rsa") ? "rsa-sha2-512" : type;
    Signature signature = BuiltinSignatures.fromFactoryName(algorithm).create();
    signature.initSigner(null, pair.getPrivate());
    signature.update(null, data);
    Buffer encoded = new ByteArrayBuffer();
    encoded.putString(algorithm);
    encoded.putBytes(signature.sign(null));
    return encoded.getCompactData();
  }
}
