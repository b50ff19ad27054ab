/*
 * Trusted with standard error: one line at a time, never a torn one.
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
 * Where somebody reads the lines as they come, on a pipe or the socket of a journal, each has its
 * priority in front as sd-daemon(3) has it; a file or a terminal gets the lines alone.
 */
final class ErrorLines implements Journal.Sink {
  /** The thread of the log waits for a reader. */
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
    this.fd = kind == FileFlags.S_IFIFO ? ownEnd(fd) : fd;
  }

  /** What comes before a line of that priority on {@code fd}. */
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
   * The same pipe, opened once more: as that never blocks, no line does, and those who share the
   * old one notice nothing. When it cannot be opened the old one has to do.
   */
  private static int ownEnd(int fd) {
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

  /** False when not a byte went out; what is left of a line that has begun comes before others. */
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
