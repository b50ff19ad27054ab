/*
 * Trusted to let a client choose no target for a data connection but itself, and no port of a
 * service.
 */
package org.twoftpd.session.command;

import java.util.Arrays;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Carries out TYPE, STRU, MODE, PASV, EPSV, PORT, EPRT, REST and OPTS, which choose how the next
 * transfer is made.
 */
final class Parameters {
  private static final int LOWEST_PORT = 1024;

  private Parameters() {}

  static void chooseType(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] letters = removeBlanks(p);
    if (Ascii.equalsIgnoreCase(letters, "A") || Ascii.equalsIgnoreCase(letters, "AN")) {
      c.ascii = true;
      c.control.reply(200, "Type is ASCII.");
    } else if (Ascii.equalsIgnoreCase(letters, "I") || Ascii.equalsIgnoreCase(letters, "L8")) {
      c.ascii = false;
      c.control.reply(200, "Type is image.");
    } else {
      boolean known =
          (p.length <= 2 || p[1] == ' ') && "AEIL".indexOf(Ascii.toUpperCase(p[0])) >= 0;
      c.control.reply(known ? 504 : 501, "The supported types are A, A N, I and L 8.");
    }
  }

  /** Removes blanks, since some clients write "L8" for "L 8". */
  private static byte[] removeBlanks(byte[] p) {
    byte[] out = new byte[p.length];
    int n = 0;
    for (byte b : p) {
      if (b != ' ') {
        out[n++] = b;
      }
    }
    return Arrays.copyOf(out, n);
  }

  static void chooseStructure(Conversation c, byte[] p) throws ConnectionEnded {
    if (Ascii.equalsIgnoreCase(p, "F")) {
      c.control.reply(200, "Structure is file.");
    } else {
      c.control.reply(504, "The only supported structure is F.");
    }
  }

  static void chooseMode(Conversation c, byte[] p) throws ConnectionEnded {
    if (Ascii.equalsIgnoreCase(p, "S")) {
      c.control.reply(200, "Mode is stream.");
    } else {
      c.control.reply(504, "The only supported mode is S.");
    }
  }

  static void setRestartOffset(Conversation c, byte[] p) throws ConnectionEnded {
    long n = Ascii.parseNumber(p, 0, p.length, 10);
    if (n < 0) {
      c.control.reply(501, "The parameter must be a number of bytes.");
    } else {
      c.restartOffset = n;
      c.control.reply(350, "The next transfer starts at that position.");
    }
  }

  static void listenPassive(Conversation c, byte[] none) throws ConnectionEnded {
    if (refuseAfterEpsvAll(c)) {
      return;
    }
    if (c.passiveReply == null) {
      byte[] told = c.options.get(SessionOption.PASV_ADDRESS);
      if (told.length == 0) {
        told = c.data.local().address();
      }
      if (told.length != 4) {
        c.control.reply(425, "PASV supports IPv4 only; use EPSV.");
        return;
      }
      c.passiveReply = ParsedReplies.passivePrefix(told);
    }
    int port = listen(c);
    if (port >= 0) {
      c.control.reply(227, ParsedReplies.passive(c.passiveReply, port));
    }
  }

  static void listenExtendedPassive(Conversation c, byte[] p) throws ConnectionEnded {
    if (p != null && Ascii.equalsIgnoreCase(p, "ALL")) {
      c.epsvAllReceived = true;
      c.control.reply(200, "From now on only EPSV is allowed.");
      return;
    }
    int family = c.data.local().isIpv4() ? 1 : 2;
    if (p != null) {
      long n = Ascii.parseNumber(p, 0, p.length, 10);
      if (n < 0) {
        c.control.reply(501, "The parameter must be a protocol number or ALL.");
        return;
      }
      if (n != family) {
        c.control.reply(522, "Network protocol not supported, use (" + family + ")");
        return;
      }
    }
    int port = listen(c);
    if (port >= 0) {
      c.control.reply(229, ParsedReplies.extendedPassive(port));
    }
  }

  private static int listen(Conversation c) throws ConnectionEnded {
    c.protection.checkAge(c);
    try {
      return c.data.listen();
    } catch (SystemCallException e) {
      c.control.reply(425, "Cannot listen: " + e.getMessage() + ".");
      return -1;
    }
  }

  private static boolean refuseAfterEpsvAll(Conversation c) throws ConnectionEnded {
    if (c.epsvAllReceived) {
      c.control.reply(501, "Only EPSV is allowed after EPSV ALL.");
    }
    return c.epsvAllReceived;
  }

  static void setPort(Conversation c, byte[] p) throws ConnectionEnded {
    if (refuseAfterEpsvAll(c)) {
      return;
    }
    HostPort told = HostPort.parsePort(p);
    if (told == null) {
      c.data.reset();
      c.control.reply(501, "The parameter must be six numbers with commas between them.");
      return;
    }
    chooseTarget(c, told);
  }

  static void setExtendedPort(Conversation c, byte[] p) throws ConnectionEnded {
    if (refuseAfterEpsvAll(c)) {
      return;
    }
    c.data.reset();
    String[] parts = HostPort.splitParts(p);
    if (parts == null) {
      c.control.reply(501, "The parameter must be |protocol|address|port|.");
      return;
    }
    boolean ipv4 = parts[0].equals("1");
    if (!ipv4 && !parts[0].equals("2")) {
      c.control.reply(
          522, "Network protocol not supported, use (" + (c.data.peer().isIpv4() ? 1 : 2) + ")");
      return;
    }
    HostPort told = HostPort.parseParts(ipv4, parts[1], parts[2]);
    if (told == null) {
      c.control.reply(501, "The address or the port is not valid.");
      return;
    }
    chooseTarget(c, told);
  }

  /**
   * Chooses the client as the target of the next transfer. As RFC 2577 asks, it refuses every other
   * host, and every port where a service may be.
   */
  private static void chooseTarget(Conversation c, HostPort told) throws ConnectionEnded {
    byte[] address = told.address();
    int port = told.port();
    c.data.reset();
    Endpoint peer = c.data.peer();
    // A client that listens on all its addresses may send the unspecified address. It means the
    // address from which it talks to the server.
    byte[] wanted =
        isUnspecified(address) && address.length == peer.address().length
            ? peer.address()
            : address;
    Endpoint target = new Endpoint(wanted, port, peer.scope());
    if (!target.sameHost(peer)) {
      c.control.reply(501, "The address must be your own.");
    } else if (port < LOWEST_PORT) {
      c.control.reply(501, "The port must be from " + LOWEST_PORT + " to 65535.");
    } else {
      c.protection.checkAge(c);
      c.data.setTarget(target);
      c.control.reply(200, "The next transfer connects to that address.");
    }
  }

  private static boolean isUnspecified(byte[] address) {
    int any = 0;
    for (byte b : address) {
      any |= b;
    }
    return any == 0;
  }

  static void chooseOption(Conversation c, byte[] p) throws ConnectionEnded {
    c.table.chooseOption(c, c.control, p);
  }

  static void chooseUtf8(Conversation c, byte[] choice) throws ConnectionEnded {
    CommandTable.replyUtf8(c.control, choice);
  }
}
