/*
 * Trusted to write lines where the administrator looks for them, whole, and to lose them rather than stop the service.
 */
package org.twoftpd.shared.log;

import java.util.Map;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;

/**
 * The log of the service: systemd's journal by its native protocol when standard error leads there
 * already, else lines to standard error. A line that nobody takes is lost, and how many were is
 * told with the next one.
 */
public final class Journal {
  private static final int STDERR = 2;

  private final Sink sink;
  private long lost;

  /** Where events go. */
  sealed interface Sink permits ErrorLines, JournalSocket {
    /** False when nobody takes it, after a moment at most. */
    boolean take(Event event);
  }

  Journal(int fd) {
    this(new ErrorLines(fd));
  }

  private Journal(Sink sink) {
    this.sink = sink;
  }

  /**
   * The log of this process.
   *
   * @param environment where JOURNAL_STREAM tells what standard error was connected to, see
   *     systemd.exec(5); programs in between may have connected it to something else
   * @param socket the journal's, /run/systemd/journal/socket
   */
  public static Journal open(Map<String, String> environment, String socket) {
    return open(environment.get("JOURNAL_STREAM"), STDERR, socket);
  }

  static Journal open(String stream, int stderr, String socket) {
    if (stream != null && stream.equals(stream(stderr))) {
      JournalSocket native_ = JournalSocket.connect(socket);
      if (native_ != null) {
        return new Journal(native_);
      }
    }
    return new Journal(new ErrorLines(stderr));
  }

  /**
   * For a line on standard error that is no event: the priority of sd-daemon(3) where somebody
   * reads the lines as they come, nothing in a file or on a terminal.
   */
  public static String prefix(int priority) {
    return ErrorLines.prefix(STDERR, priority);
  }

  /** Device and inode as stat(2) gives them, in decimal. */
  static String stream(int fd) {
    long[] status = new long[9];
    if (Native.statx(fd, new byte[0], FileFlags.AT_EMPTY_PATH, status) < 0) {
      return null;
    }
    long major = status[8] >>> 32;
    long minor = status[8] & 0xffffffffL;
    long device =
        (major & 0xfffff000L) << 32
            | (major & 0xfffL) << 8
            | (minor & 0xffffff00L) << 12
            | minor & 0xffL;
    return Long.toUnsignedString(device) + ":" + Long.toUnsignedString(status[7]);
  }

  /** Writes one event. From any thread. */
  public synchronized void write(Event event) {
    if (lost > 0 && sink.take(new Event.Lost(lost))) {
      lost = 0;
    }
    if (lost > 0 || !sink.take(event)) {
      lost++;
    }
  }
}
