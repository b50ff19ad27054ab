/*
 * Trusted to write lines where the administrator looks for them, whole, without anybody who waits for it, and to lose them
 * rather than stop the service.
 */
package org.twoftpd.shared.log;

import java.util.Locale;
import java.util.Map;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The log of the service: systemd's journal by its native protocol when standard error leads there
 * already, else lines to standard error. A thread of its own writes them. What waits for it is
 * bounded; what does not fit is lost, and how much was is told in its place.
 */
public final class Journal {
  private static final int STDERR = 2;

  // In bytes: a line takes some 300, so one user may have some 3400 waiting.  Together with the log
  // of transfers it is less than 7 MiB of the monitor's heap, when nothing is taken for long.
  private static final int OF_SERVICE = 512 << 10;
  private static final int OF_SESSIONS = 3 << 20;
  private static final int OF_USER = 1 << 20;
  private static final int OF_STRANGERS = 1 << 20;
  private static final int OF_FAILURES = 1 << 20;
  private static final int OF_STRANGER = 128 << 10;

  private final LogThread<Event> thread;

  /** Where events go. */
  sealed interface Sink permits ErrorLines, JournalSocket {
    /**
     * False when nobody takes it, after a while.
     *
     * @throws IllegalArgumentException when nobody ever will, since it is too long
     */
    boolean take(Event event);
  }

  Journal(int fd) {
    this(new ErrorLines(fd));
  }

  Journal(Sink sink) {
    LogQueue<Event> queue =
        new LogQueue<Event>()
            .room(Share.Kind.SERVICE, OF_SERVICE, OF_SERVICE)
            .room(Share.Kind.SESSIONS, OF_SESSIONS, OF_USER)
            .room(Share.Kind.FAILURES, OF_FAILURES, OF_STRANGER)
            .room(Share.Kind.STRANGERS, OF_STRANGERS, OF_STRANGER);
    thread =
        LogThread.start(
            "log",
            queue,
            next -> sink.take(next.line() == null ? Event.Lost.of(next) : next.line()));
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
    try {
      FileStatus s = FileStatus.ofDescriptor(fd);
      return Long.toUnsignedString(s.deviceNumber()) + ":" + Long.toUnsignedString(s.inode());
    } catch (SystemCallException _) {
      return null;
    }
  }

  /** Has an event written that the service tells of itself. From any thread, without waiting. */
  public void write(Event event) {
    write(Share.SERVICE, event);
  }

  /** Has an event written. From any thread, without waiting. */
  public void write(Share whose, Event event) {
    thread.add(whose, event, event.size());
  }

  /**
   * True when much of that share waits while the log is slow: who causes it should be slowed down.
   * A log that stands still is waited for by nobody.
   */
  public boolean isCrowded(Share whose) {
    return thread.isCrowded(whose);
  }

  /** Waits until everything is written, but no longer than that; false when it is not. */
  public boolean flush(long millis) {
    return thread.flush(millis);
  }

  /**
   * The last words: what waits is written, unless whoever should take it does not. How much then is
   * missing is told, and at the end that the service has stopped.
   *
   * @param transfers also written to the end, or null
   * @param millis waited for each of those, at most
   */
  public void stop(TransferWriter transfers, long millis) {
    if (transfers != null && !transfers.flush(millis)) {
      tellLost(transfers.giveUp(), "xferlog");
    }
    if (!flush(millis)) {
      thread
          .giveUp()
          .forEach((kind, lines) -> tellLost(lines, kind.name().toLowerCase(Locale.ROOT)));
    }
    write(new Event.Stopped());
    flush(millis);
  }

  private void tellLost(long lines, String from) {
    if (lines > 0) {
      write(new Event.Lost(lines, from, "", ""));
    }
  }
}
