package org.twoftpd.session.gate;

/** Knows a client that speaks another protocol. */
final class OtherProtocols {
  private OtherProtocols() {}

  /**
   * Returns whether the verb is one of HTTP or SMTP. An attacker may have sent a browser or a mail
   * program here, to have it say something harmful to this server (RFC 2577).
   */
  static boolean isVerb(String verb) {
    return switch (verb) {
      case "GET",
          "POST",
          "HEAD",
          "PUT",
          "DELETE",
          "OPTIONS",
          "CONNECT",
          "TRACE",
          "PATCH",
          "PROPFIND",
          "HELO",
          "EHLO",
          "MAIL",
          "RCPT" ->
          true;
      default -> false;
    };
  }
}
