/*
 * Trusted with standard error: lines go out whole and one after the other.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Writes lines to a descriptor. Each line begins with its priority, in the form of sd-daemon(3),
 * when a program reads the lines as they come: that is so for a pipe and for the socket of a
 * journal. A file or a terminal gets the lines alone.
 */
final class ErrorLines implements Journal.Sink {
  /** How long the thread of the log waits for a reader each time. */
  private static final int PATIENCE_MILLIS = 1000;

  private static final byte[] NONE = {};
  private static final int UNKNOWN = 0;

  private final int fd;
  private final boolean prefixed;
  private final int[] polled = new int[1];
  private final short[] events = new short[1];
  private byte[] rest = NONE;

  ErrorLines(int fd) {
    int kind = kind(fd);
    this.prefixed = hasReader(kind);
    this.fd = kind == FileFlags.S_IFIFO ? openOwnEnd(fd) : fd;
  }

  /** The priority as it stands before a line on {@code fd}; empty for a file or a terminal. */
  static String prefix(int fd, int priority) {
    return hasReader(kind(fd)) ? "<" + priority + ">" : "";
  }

  private static int kind(int fd) {
    try {
      return FileStatus.ofDescriptor(fd).type();
    } catch (SystemCallException _) {
      return UNKNOWN;
    }
  }

  private static boolean hasReader(int kind) {
    return kind == FileFlags.S_IFIFO || kind == FileFlags.S_IFSOCK;
  }

  /**
   * Opens the same pipe once more. The new end is non-blocking, so that no line waits, and other
   * processes that share the old end keep it as it was. Where the pipe cannot be opened the old end
   * is used.
   */
  private static int openOwnEnd(int fd) {
    byte[] path = ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
    int own = Native.openat(FileFlags.AT_FDCWD, path, FileFlags.O_WRONLY, 0);
    return own < 0 ? fd : own;
  }

  @Override
  public boolean take(Event event) {
    if (rest.length > 0 && !put(rest)) {
      return false;
    }
    Line line = event.entry();
    String prefix = prefixed ? "<" + line.priority() + ">" : "";
    return put((prefix + line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Writes a line. What there is no room for is kept and written before the next line.
   *
   * @return false when not a byte of it went out
   */
  private boolean put(byte[] line) {
    polled[0] = fd;
    events[0] = PollEvents.POLLOUT;
    if (Native.poll(polled, events, 1, PATIENCE_MILLIS) != 1) {
      return false;
    }
    int n = Native.write(fd, line, 0, line.length);
    if (n <= 0) {
      return false;
    }
    rest = n < line.length ? Arrays.copyOfRange(line, n, line.length) : NONE;
    return true;
  }
}
