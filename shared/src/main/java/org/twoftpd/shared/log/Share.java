/*
 * Trusted to say whose line it is, so that one who has many written takes the room of his own and nobody else's.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.twoftpd.shared.os.Endpoint;

/**
 * Whose part of the log a line is.
 *
 * @param user whose sessions, or empty
 * @param address of whom nobody's password was asked for, or empty
 */
public record Share(Kind kind, String user, String address) {
  private static final int PREFIX_BYTES = 8;

  /** What the service says of itself. */
  public static final Share SERVICE = new Share(Kind.SERVICE, "", "");

  /** Each has room that the others cannot take. */
  public enum Kind {
    SERVICE,
    SESSIONS,
    FAILURES,
    STRANGERS
  }

  /** All sessions of one user. */
  public static Share user(byte[] name) {
    return new Share(Kind.SESSIONS, new String(name, StandardCharsets.ISO_8859_1), "");
  }

  /** All anonymous sessions of one client. */
  public static Share anonymous(byte[] name, Endpoint peer) {
    return new Share(
        Kind.SESSIONS, new String(name, StandardCharsets.ISO_8859_1), network(peer).host());
  }

  /** A client that has not logged in. */
  public static Share stranger(Endpoint peer) {
    return new Share(Kind.STRANGERS, "", network(peer).host());
  }

  /** The failed logins of a client, which nothing else that strangers do may hide. */
  public static Share failures(Endpoint peer) {
    return new Share(Kind.FAILURES, "", network(peer).host());
  }

  /** Those of a kind of whom nothing waits. */
  static Share others(Kind kind) {
    return new Share(kind, "", "");
  }

  // Not the record's own, which the first client would wait for until the virtual machine has made
  // them.
  @Override
  public boolean equals(Object other) {
    return other instanceof Share s
        && kind == s.kind
        && user.equals(s.user)
        && address.equals(s.address);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.name().hashCode() + user.hashCode()) + address.hashCode();
  }

  /** One host has all of a /64. */
  private static Endpoint network(Endpoint peer) {
    return peer.isIpv4()
        ? peer
        : new Endpoint(Arrays.copyOf(Arrays.copyOf(peer.address(), PREFIX_BYTES), 16), 0, 0);
  }
}
