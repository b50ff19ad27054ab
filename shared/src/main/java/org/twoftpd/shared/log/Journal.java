/*
 * Trusted to write whole lines where the administrator looks for them.  Nobody waits for it: when a log takes nothing, lines
 * are lost rather than the service stopped.
 */
package org.twoftpd.shared.log;

import java.util.Map;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The log of the service. Events go to systemd's journal by its native protocol when standard error
 * leads there already, and else to standard error as lines. A thread of its own writes them. The
 * events that wait for it are bounded; those that do not fit are lost, and a line in their place
 * says how many were.
 */
public final class Journal {
  private static final int STDERR = 2;

  // In bytes. A line takes some 300, so one user may have some 3400 lines waiting. Together with
  // the log of transfers this is less than 7 MiB of the monitor's heap while a log stands still.
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
     * Writes an event, after waiting for room for a while.
     *
     * @return false when there was none
     * @throws IllegalArgumentException when there never will be, since the event is too long
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
            next -> sink.take(next.line() == null ? MissingLinesEvent.Lost.of(next) : next.line()));
  }

  /**
   * Opens the log of this process.
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
   * What to put before a line on standard error that is no event: its priority in the form of
   * sd-daemon(3), or nothing when standard error is a file or a terminal.
   */
  public static String prefix(int priority) {
    return ErrorLines.prefix(STDERR, priority);
  }

  /** Device and inode as JOURNAL_STREAM has them; null for a descriptor that is not open. */
  static String stream(int fd) {
    try {
      FileStatus s = FileStatus.ofDescriptor(fd);
      return Long.toUnsignedString(s.deviceNumber()) + ":" + Long.toUnsignedString(s.inode());
    } catch (SystemCallException _) {
      return null;
    }
  }

  /** Logs an event about the service itself. Any thread may call it; none waits. */
  public void write(Event event) {
    write(Share.SERVICE, event);
  }

  /** Logs an event on somebody's share. Any thread may call it; none waits. */
  public void write(Share whose, Event event) {
    thread.add(whose, event, event.size());
  }

  /**
   * True when much of that share waits because the log is slow, so that whoever causes the events
   * should be slowed down. For a log that stands still it is false, since nobody is to wait for it.
   */
  public boolean isCrowded(Share whose) {
    return thread.isCrowded(whose);
  }

  /**
   * Waits until everything is written.
   *
   * @return false when something was not within that time
   */
  public boolean flush(long millis) {
    return thread.flush(millis);
  }

  /**
   * Writes what waits, then how many lines are missing if a log does not take them, and at last
   * that the service has stopped.
   *
   * @param transfers is finished in the same way before, or null
   * @param millis is waited for each of the two logs and for the last line, at most
   */
  public void stop(TransferWriter transfers, long millis) {
    if (transfers != null && !transfers.flush(millis)) {
      tellLost(transfers.giveUp(), "xferlog");
    }
    if (!flush(millis)) {
      thread.giveUp().forEach((kind, lines) -> tellLost(lines, kind.inWords()));
    }
    write(new ServiceEvent.Stopped());
    flush(millis);
  }

  private void tellLost(long lines, String from) {
    if (lines > 0) {
      write(new MissingLinesEvent.Lost(lines, from, "", ""));
    }
  }
}
