package io.github.rpideploy.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.command.Command;

/** A command of a server in memory, with its three streams. */
abstract class StreamCommand implements Command {

  InputStream in = InputStream.nullInputStream();
  OutputStream out = OutputStream.nullOutputStream();
  OutputStream err = OutputStream.nullOutputStream();
  ExitCallback exit = (code, message, immediately) -> {};

  @Override
  public final void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public final void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public final void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public final void setExitCallback(ExitCallback callback) {
    exit = callback;
  }
}
