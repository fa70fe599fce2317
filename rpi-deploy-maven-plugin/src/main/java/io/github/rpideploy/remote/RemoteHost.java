package io.github.rpideploy.remote;

import io.github.rpideploy.DeployException;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A machine that runs commands: the Pi.
 *
 * <p>Implementations are safe for use by several threads at once; calls are independent.
 */
public interface RemoteHost {

  /** How messages name this machine, for example {@code pi@raspberrypi.local:22}. */
  String name();

  /** Only the host name or address: {@code raspberrypi.local} of {@link #name()}. */
  default String hostName() {
    String address = name().substring(name().indexOf('@') + 1).replaceFirst(":\\d+$", "");
    return address.startsWith("[") && address.endsWith("]")
        ? address.substring(1, address.length() - 1)
        : address;
  }

  /**
   * Runs a command to its end.
   *
   * <p>A command that exits with a status other than 0, or is ended by a signal, is a result, not a
   * failure. If the command ends before it has read all of {@code stdin}, the rest is dropped, and
   * the result says how it ended.
   *
   * @param command what to run; its {@link Command#timeout()} counts from the start, or from the
   *     end of {@code stdin} if there is one
   * @param stdin what the command reads; {@link Stdin#EMPTY} for nothing
   * @param stdout receives what the command prints while it runs; not closed. {@link
   *     ExecResult#stdout()} is empty then
   * @throws DeployException when the connection is lost, the command does not end in time, or
   *     {@code stdin} fails to produce its bytes
   */
  ExecResult exec(Command command, Stdin stdin, OutputStream stdout);

  /** {@link #exec(Command, Stdin, OutputStream)} that keeps what is printed (at most 4 MiB). */
  ExecResult exec(Command command, Stdin stdin);

  /** {@link #exec(Command, Stdin)} of a command that reads nothing. */
  default ExecResult exec(Command command) {
    return exec(command, Stdin.EMPTY);
  }

  /**
   * Makes a new connection in place of one that was lost.
   *
   * @return whether one was made; false when the present one is not lost
   * @throws DeployException when the machine cannot be reached, trusted or logged in to
   */
  default boolean reconnect() {
    return false;
  }

  /**
   * A socket, not yet connected, whose {@code connect} connects from the Pi: host names are
   * resolved there, and {@code localhost} is the Pi. It honours connect and read timeouts.
   */
  Socket socket();
}
