package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.data.LineSource;
import org.twoftpd.session.data.Sender;
import org.twoftpd.session.listing.Facts;
import org.twoftpd.session.listing.Listing;
import org.twoftpd.session.listing.ListingStyle;
import org.twoftpd.session.listing.PermittedVerbs;
import org.twoftpd.session.listing.Viewer;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Carries out LIST, NLST, MLSD, MLST, OPTS MLST, and STAT with a path. The first three use the data
 * connection, and the others a reply.
 */
final class Listings {
  private static final byte[] CURRENT_DIRECTORY = {};
  private static final int BUFFER_SIZE = 32768;

  private Listings() {}

  static void sendList(Conversation c, byte[] p) throws ConnectionEnded {
    sendListing(c, p, Listing.Kind.LIST);
  }

  static void sendNames(Conversation c, byte[] p) throws ConnectionEnded {
    sendListing(c, p, Listing.Kind.NLST);
  }

  static void sendMachineList(Conversation c, byte[] p) throws ConnectionEnded {
    sendListing(c, p, Listing.Kind.MLSD);
  }

  /**
   * Sends an empty listing, for a table that shows nothing: a client finds an empty directory
   * wherever it looks.
   */
  static void sendNothing(Conversation c, byte[] p) throws ConnectionEnded {
    sendLines(c, _ -> -1);
  }

  /** Answers MLST in a table that shows nothing. */
  static void refuseHidden(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(550, "This login may not list files.");
  }

  private static void sendListing(Conversation c, byte[] p, Listing.Kind kind)
      throws ConnectionEnded {
    // REST is for one transfer. A listing uses it up even when it fails, so that no later command
    // begins there.
    c.restartOffset = 0;
    try (Listing listing = openListing(c, p, kind)) {
      sendLines(c, listing::fill);
    } catch (SystemCallException e) {
      c.data.reset();
      if (kind == Listing.Kind.MLSD && e.errno() == Errno.ENOTDIR) {
        c.control.reply(501, "Not a directory; MLST shows a single file.");
      } else {
        c.replyFailure(e);
      }
    }
  }

  private static void sendLines(Conversation c, LineSource lines) throws ConnectionEnded {
    new DataTransfer(c, "Listing")
        .transferData(new Text(ParsedReplies.LISTING), t -> new Sender(t).sendLines(lines), null);
  }

  private static Listing openListing(Conversation c, byte[] p, Listing.Kind kind)
      throws SystemCallException {
    return new Listing(c.files, c.directory, p == null ? CURRENT_DIRECTORY : p, kind, makeStyle(c));
  }

  private static ListingStyle makeStyle(Conversation c) {
    CommandTable<Conversation> t = c.table;
    byte[] group = c.account.group();
    return new ListingStyle(
        new Viewer(
            c.account.uid(),
            c.account.gid(),
            c.account.groups(),
            c.account.user(),
            group.length == 0 ? new Text("mygroup").toBytes() : group),
        new PermittedVerbs(
            t.has("APPE"),
            t.has("STOR"),
            t.has("DELE"),
            t.has("CWD"),
            t.has("RNFR"),
            t.has("LIST"),
            t.has("MKD"),
            t.has("DELE"),
            t.has("RETR"),
            t.has("APPE")),
        c.facts,
        c.statusHelper);
  }

  static void replyFacts(Conversation c, byte[] p) throws ConnectionEnded {
    replyListing(c, p, Listing.Kind.MLST, 250);
  }

  /** Answers STAT with a path. */
  static void replyList(Conversation c, byte[] p) throws ConnectionEnded {
    replyListing(c, p, Listing.Kind.LIST, 213);
  }

  /**
   * Sends a listing as lines of a reply. Each line stands behind a space, so that none can look
   * like the end of the reply, and 0xFF is doubled in it as in every reply.
   */
  private static void replyListing(Conversation c, byte[] p, Listing.Kind kind, int code)
      throws ConnectionEnded {
    try (Listing listing = openListing(c, p, kind)) {
      replyLines(c.control, listing::fill, code);
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  /**
   * Sends lines as one reply, and begins it only when there is something to show, so that a failure
   * before that has a reply of its own. Later only the last line can tell of a failure, and it must
   * have the code of the first (RFC 959, 4.2).
   *
   * @throws SystemCallException when nothing has been sent yet
   */
  static void replyLines(ControlConnection control, LineSource lines, int code)
      throws ConnectionEnded, SystemCallException {
    byte[] buffer = new byte[BUFFER_SIZE];
    int n = lines.fill(buffer);
    control.replyLine(code, new Text("Listing:"));
    while (n >= 0) {
      int from = 0;
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          control.replyUncodedLine(new Text().addName(buffer, from, i - 1));
          from = i + 1;
        }
      }
      try {
        n = lines.fill(buffer);
      } catch (SystemCallException e) {
        control.reply(code, "The listing is incomplete: " + e.getMessage() + ".");
        return;
      }
    }
    control.reply(code, "End.");
  }

  /**
   * Answers OPTS MLST (RFC 3659, 7.9).
   *
   * @param names the names of facts; null for none
   */
  static void chooseFacts(Conversation c, byte[] names) throws ConnectionEnded {
    c.facts = names == null ? 0 : Facts.select(names);
    c.control.reply(200, new Text("MLST OPTS ").add(Facts.describeSelected(c.facts)));
  }
}
