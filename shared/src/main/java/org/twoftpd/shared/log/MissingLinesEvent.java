package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;

/** Says that lines are missing, in the log or in the log of transfers, and how many. */
public sealed interface MissingLinesEvent extends Event {
  /** Lines about clients that have not logged in that were too many to be logged. */
  record LinesDropped(long count) implements MissingLinesEvent {
    @Override
    public Line entry() {
      return new Line(WARNING, "lines-dropped").field("count", count);
    }
  }

  /** The log of transfers takes no line; {@code path} is of the transfer that is missing there. */
  record TransferLogFailed(byte[] path) implements MissingLinesEvent {
    @Override
    public int size() {
      return SMALL + path.length;
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "xferlog-failed").field("path", path);
    }
  }

  /**
   * Lines are missing here.
   *
   * @param from what is missing: lines of "service", "sessions", "strangers" or "failures", which
   *     are their failed logins, or of "xferlog"
   * @param user whose sessions they were about, or empty for several
   * @param address of an anonymous session's client, or of a stranger; empty for several
   */
  record Lost(long lines, String from, String user, String address) implements MissingLinesEvent {
    static Lost of(LogQueue.Next<?> next) {
      Share s = next.share();
      return new Lost(next.lost(), s.kind().inWords(), s.user(), s.address());
    }

    @Override
    public Line entry() {
      Line l = new Line(WARNING, "lost").field("lines", lines).field("from", from);
      if (!user.isEmpty()) {
        l.field("user", user.getBytes(StandardCharsets.ISO_8859_1));
      }
      return address.isEmpty() ? l : l.field("address", address);
    }
  }
}
