/*
 * Trusted to keep passwords out of the log: it shows a request only as far as the parser that obeys
 * it has understood it.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;

/**
 * Makes what LOGREQUESTS shows of a command line. A line that begins with no command may be
 * anything: a password that a client sent at the wrong moment, or PASS with an odd byte before or
 * behind it. The server obeys no such line, so it cannot know where a secret would begin, and shows
 * only the line's length.
 */
public final class RequestText {
  private RequestText() {}

  /** Describes a line before login, where the user's name is not a secret. */
  public static byte[] beforeLogin(CommandLine line) {
    String verb = line.verb();
    return verb.equals("USER") ? line.bytes() : describe(line, verb);
  }

  /** Describes a line after login, where a client may send USER with a password behind it. */
  static byte[] afterLogin(CommandLine line) {
    return describe(line, line.verb());
  }

  private static byte[] describe(CommandLine line, String verb) {
    return switch (verb) {
      case "USER", "PASS", "ACCT" -> Ascii.encode(verb);
      case "SITE" -> describeSite(line);
      default -> Tables.isKnown(verb) ? line.bytes() : describeUnknown(line, verb);
    };
  }

  /**
   * Describes SITE. Other servers change passwords by a word below SITE, so a word that is unknown
   * here is not shown.
   */
  private static byte[] describeSite(CommandLine line) {
    byte[] parameter = line.trimmedParameter();
    boolean known =
        parameter == null || Tables.isKnown("SITE " + CommandTable.firstWord(parameter));
    return known ? line.bytes() : Ascii.encode("SITE");
  }

  /**
   * Describes a line that the server does not obey. A verb that is published elsewhere is no
   * secret, and an administrator wants to know who tries it.
   */
  private static byte[] describeUnknown(CommandLine line, String verb) {
    return switch (verb) {
      case "ADAT",
          "AVBL",
          "COMB",
          "CONF",
          "CSID",
          "DSIZ",
          "ENC",
          "HASH",
          "HOST",
          "LPRT",
          "LPSV",
          "MFCT",
          "MFF",
          "MIC",
          "RANG",
          "REIN",
          "SMNT",
          "THMB",
          "XCRC",
          "XRCP",
          "XSEM",
          "XSEN",
          "XSHA" ->
          Ascii.encode(verb);
      default ->
          new Text("(").add(line.bytes().length).add(" bytes that are no command)").toBytes();
    };
  }
}
