package io.github.rpideploy.docker.file;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address and port of the Pi that something listens on, or wants to listen on.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param address of the Pi; {@code 0.0.0.0} and {@code ::} mean all of its addresses
 * @param port from 1 to 65535
 */
public record Endpoint(String protocol, InetAddress address, int port) {

  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";

  /** {@code dead.beef} is a name. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "\\[?((?:OCTET\\.){3}OCTET|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)\\]?".replace("OCTET", OCTET));

  /** An empty address, or one that is not numeric, counts as all addresses. */
  public static Endpoint of(String protocol, String address, int port) {
    Matcher literal = LITERAL.matcher(address);
    InetAddress all = new InetSocketAddress(0).getAddress();
    try {
      // A name would be resolved on this machine, not on the Pi.
      InetAddress there = literal.matches() ? InetAddress.getByName(literal.group(1)) : all;
      return new Endpoint(protocol, there, port);
    } catch (UnknownHostException e) {
      return new Endpoint(protocol, all, port);
    }
  }

  /** Whether two processes cannot listen on both at the same time. */
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
