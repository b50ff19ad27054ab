/*
 * Trusted with the text of private keys: it keeps none of it, and no String has any of it.
 */
package org.twoftpd.monitor.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The parts of a PEM file (RFC 7468). What stands between them is explanation. */
final class Pem {
  private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "-----END ".getBytes(StandardCharsets.US_ASCII);
  private static final String DASHES = "-----";

  private final byte[] text;
  private int at;

  private Pem(byte[] text) {
    this.text = text;
  }

  /**
   * What is between a line BEGIN and a line END.
   *
   * @param label of both lines, as in "PRIVATE KEY"
   * @param line where it begins, from 1
   */
  record Part(String label, int line, byte[] der) {
    /** Overwrites it. */
    void wipe() {
      Arrays.fill(der, (byte) 0);
    }
  }

  /**
   * The parts in their order.
   *
   * @throws BadKeyFile when there is none, or one is not whole, not base64 or encrypted
   */
  static List<Part> parse(byte[] text) throws BadKeyFile {
    List<Part> parts = new ArrayList<>();
    Pem pem = new Pem(text);
    int number = 0;
    while (pem.at < text.length) {
      number++;
      int from = pem.at;
      int to = pem.nextLine();
      if (startsWith(text, from, to, BEGIN)) {
        Part part = pem.part(number, label(text, from + BEGIN.length, to, number));
        parts.add(part);
        number = pem.linesBefore(pem.at);
      }
    }
    if (parts.isEmpty()) {
      // DER is one sequence, which has this tag.
      boolean der = text.length > 0 && text[0] == Der.SEQUENCE;
      throw new BadKeyFile(
          der
              ? "is DER; write it as PEM: openssl x509 -in FILE -out NEWFILE, or openssl pkey for a"
                  + " key"
              : "is not PEM: no line of it begins with -----BEGIN");
    }
    return parts;
  }

  /** The end of the line that begins here, and goes behind it. */
  private int nextLine() {
    int end = at;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    at = Math.min(text.length, end + 1);
    while (end > 0 && end <= text.length && isBlank(end - 1)) {
      end--;
    }
    return end;
  }

  private boolean isBlank(int i) {
    return text[i] == '\r' || text[i] == ' ' || text[i] == '\t';
  }

  private int linesBefore(int end) {
    int lines = 0;
    for (int i = 0; i < end; i++) {
      lines += text[i] == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static boolean startsWith(byte[] text, int from, int to, byte[] what) {
    return to - from >= what.length
        && Arrays.equals(text, from, from + what.length, what, 0, what.length);
  }

  private static String label(byte[] text, int from, int to, int line) throws BadKeyFile {
    String rest = new String(text, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    if (!rest.endsWith(DASHES) || rest.length() > 64) {
      throw new BadKeyFile("is not PEM: line " + line + " has no ----- at its end");
    }
    return rest.substring(0, rest.length() - DASHES.length());
  }

  private Part part(int line, String label) throws BadKeyFile {
    byte[] base64 = new byte[text.length - at];
    int length = 0;
    try {
      while (at < text.length) {
        int from = at;
        int to = nextLine();
        if (startsWith(text, from, to, END)) {
          if (!label(text, from + END.length, to, line).equals(label)) {
            break;
          }
          return new Part(label, line, decode(base64, length, label, line));
        }
        for (int i = from; i < to; i++) {
          if (text[i] == ':') {
            throw encrypted();
          }
          if (!isBlank(i)) {
            base64[length++] = text[i];
          }
        }
      }
    } finally {
      Arrays.fill(base64, (byte) 0);
    }
    throw new BadKeyFile("is not whole: no -----END " + label + "----- follows line " + line);
  }

  private static byte[] decode(byte[] base64, int length, String label, int line)
      throws BadKeyFile {
    byte[] exact = Arrays.copyOf(base64, length);
    try {
      return Base64.getDecoder().decode(exact);
    } catch (IllegalArgumentException e) {
      throw new BadKeyFile("is damaged: " + label + " of line " + line + " is not base64");
    } finally {
      Arrays.fill(exact, (byte) 0);
    }
  }

  /** Lines with a colon are what the old form of encrypted keys begins with (RFC 1421). */
  static BadKeyFile encrypted() {
    return new BadKeyFile(
        "is encrypted, and nobody is there to type its password when the service starts; decrypt"
            + " it: openssl pkey -in FILE -out NEWFILE");
  }
}
