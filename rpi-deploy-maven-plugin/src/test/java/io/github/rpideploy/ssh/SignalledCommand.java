package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * A command that starts and is ended by a signal at once, which the server says (RFC 4254, 6.10).
 */
final class SignalledCommand implements Command {

  private final String signal;
  private final String marker;
  private OutputStream out = OutputStream.nullOutputStream();

  SignalledCommand(String signal, String line) {
    this.signal = signal;
    List<String> words = List.of(line.split(" ", -1));
    this.marker =
        words.stream().filter(word -> word.matches("[0-9a-f]{32}")).findFirst().orElseThrow();
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    out.write(("=" + marker + "\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    Buffer request = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
    request.putUInt(channel.getRecipient());
    request.putString("exit-signal");
    request.putBoolean(false);
    request.putString(signal);
    request.putBoolean(false);
    request.putString("");
    request.putString("");
    channel.getSession().writePacket(request);
    channel.close(false);
  }

  @Override
  public void destroy(ChannelSession channel) {}

  @Override
  public void setInputStream(InputStream stream) {}

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {}

  @Override
  public void setExitCallback(ExitCallback callback) {}
}
