/*
 * Trusted to say whose line it is, so that whoever causes many lines takes the room of nobody else's.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.twoftpd.shared.os.Endpoint;

/**
 * Who has caused a line, for the room that lines may take while they wait.
 *
 * @param user whose session it is about, or empty
 * @param address of a client without a user's name of its own, or empty; IPv6 clients of one /64
 *     are one
 */
public record Share(Kind kind, String user, String address) {
  private static final int PREFIX_BYTES = 8;

  /** The service itself. */
  public static final Share SERVICE = new Share(Kind.SERVICE, "", "");

  /** Each kind has room that the others cannot take. */
  public enum Kind {
    SERVICE,
    SESSIONS,
    FAILURES,
    STRANGERS;

    /** The kind as lines about lost lines name it. */
    String inWords() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The share of all sessions of one user. */
  public static Share user(byte[] name) {
    return new Share(Kind.SESSIONS, new String(name, StandardCharsets.ISO_8859_1), "");
  }

  /** The share of all anonymous sessions of one client. */
  public static Share anonymous(byte[] name, Endpoint peer) {
    return new Share(
        Kind.SESSIONS, new String(name, StandardCharsets.ISO_8859_1), network(peer).host());
  }

  /** The share of a client that has not logged in. */
  public static Share stranger(Endpoint peer) {
    return new Share(Kind.STRANGERS, "", network(peer).host());
  }

  /** The share of a client's failed logins, so that nothing else that strangers do hides them. */
  public static Share failures(Endpoint peer) {
    return new Share(Kind.FAILURES, "", network(peer).host());
  }

  /** The common share of all those of a kind who have nothing waiting. */
  static Share others(Kind kind) {
    return new Share(kind, "", "");
  }

  // The virtual machine would make the record's own equals and hashCode when the first client needs
  // them, and that client would wait.
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

  /** A host can have every address of its /64. */
  private static Endpoint network(Endpoint peer) {
    return peer.isIpv4()
        ? peer
        : new Endpoint(Arrays.copyOf(Arrays.copyOf(peer.address(), PREFIX_BYTES), 16), 0, 0);
  }
}
