package io.github.rpideploy.docker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something listens, or is to listen, on the Pi.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param address of the Pi; {@code 0.0.0.0} and {@code ::} are all of its addresses
 * @param port from 1 to 65535
 */
public record Endpoint(String protocol, InetAddress address, int port) {

  private static final Pattern LITERAL = Pattern.compile("\\[?([0-9A-Fa-f.:]+)\\]?");

  /** As {@code /proc/net/tcp} has it: four bytes at a time in the order of the processor. */
  private static final Pattern KERNEL = Pattern.compile("([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})");

  /** An address that is not written as a number counts as all addresses, as an empty one does. */
  static Endpoint of(String protocol, String address, int port) {
    Matcher literal = LITERAL.matcher(address);
    InetAddress all = new InetSocketAddress(0).getAddress();
    try {
      // A name would be looked up here and not on the Pi.
      InetAddress there = literal.matches() ? InetAddress.getByName(literal.group(1)) : all;
      return new Endpoint(protocol, there, port);
    } catch (UnknownHostException e) {
      return new Endpoint(protocol, all, port);
    }
  }

  /** What the kernel says, {@code 0100007F:1F91}; a Pi is little-endian. */
  static Optional<Endpoint> ofKernel(String protocol, String text) {
    Matcher matcher = KERNEL.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    byte[] words = HexFormat.of().parseHex(matcher.group(1));
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i - i % 4 + 3 - i % 4];
    }
    try {
      int port = Integer.parseInt(matcher.group(2), 16);
      return Optional.of(new Endpoint(protocol, InetAddress.getByAddress(bytes), port));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /** Whether both cannot be listened at by two at the same time. */
  public boolean collides(Endpoint other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (address.isAnyLocalAddress()
            || other.address.isAnyLocalAddress()
            || address.equals(other.address));
  }

  /** {@code 8081}, {@code 127.0.0.1:8081}, {@code 53/udp}. */
  @Override
  public String toString() {
    String host = address.getHostAddress();
    String where = host.contains(":") ? "[" + host + "]:" : host + ":";
    return (address.isAnyLocalAddress() ? "" : where)
        + port
        + (protocol.equals("tcp") ? "" : "/" + protocol);
  }
}
