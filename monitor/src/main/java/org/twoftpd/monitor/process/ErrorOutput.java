/*
 * Trusted to log what a child writes to its descriptor 2 without waiting for the child or being kept busy by it: the last
 * words of a virtual machine are worth a line, and a child that has been taken over writes what it likes.
 */
package org.twoftpd.monitor.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * What a child writes to its descriptor 2, read from the other end of a socketpair of the child's
 * own. Neither end blocks: a child loses what nobody reads and goes on, also when the monitor is
 * gone (virtual machines ignore SIGPIPE).
 */
final class ErrorOutput {
  /** Longer lines are cut. */
  static final int LINE_MAX = 1000;

  /** After so many lines nothing is read until the window of time is over. */
  static final int LINES = 40;

  static final long WINDOW_MILLIS = 10_000;

  private static final int READ_BYTES = 4096;

  /** So many reads bring more than the lines that may be left. */
  private static final int LAST_READS = 17;

  private static final byte[] NO_MORE =
      "(no more of this is logged for ten seconds)".getBytes(StandardCharsets.US_ASCII);

  private final EventLoop loop;
  private final Consumer<byte[]> lines;
  private int fd;

  /** Null until it is needed, since hardly any child ever writes anything. */
  private byte[] line;

  private int length;
  private int left = LINES;

  /** What has no line ends is bounded too, by the bytes that so many lines could have. */
  private int bytesLeft = LINES * LINE_MAX;

  private boolean watched;
  private EventLoop.Timer window;

  /**
   * @param lines takes each line without its end; never more than {@link #LINES} and one in {@link
   *     #WINDOW_MILLIS}
   */
  private ErrorOutput(EventLoop loop, int fd, Consumer<byte[]> lines) {
    this.loop = loop;
    this.fd = fd;
    this.lines = lines;
  }

  /** Starts to read {@code fd}, which it owns from here on, also when that fails. */
  static ErrorOutput watch(EventLoop loop, int fd, Consumer<byte[]> lines)
      throws SystemCallException {
    ErrorOutput output = new ErrorOutput(loop, fd, lines);
    try {
      output.watchAgain();
    } catch (SystemCallException e) {
      loop.closer().close(fd);
      throw e;
    }
    return output;
  }

  private void watchAgain() throws SystemCallException {
    loop.watchReadable(fd, this::readSome);
    watched = true;
  }

  private void readSome() {
    byte[] buffer = new byte[READ_BYTES];
    int n = Native.read(fd, buffer, 0, buffer.length);
    if (n > 0) {
      takeBytes(buffer, n);
    } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
      close();
    }
  }

  private void takeBytes(byte[] buffer, int n) {
    if (line == null) {
      line = new byte[LINE_MAX];
    }
    for (int i = 0; i < n; i++) {
      byte b = buffer[i];
      if (b == '\n') {
        endLine();
      } else if (length < LINE_MAX) {
        line[length++] = b;
      }
    }
    openWindow();
    bytesLeft -= n;
    if (bytesLeft <= 0 && left > 0) {
      left = 0;
      lines.accept(NO_MORE);
    }
    if (left == 0) {
      unwatch();
    }
  }

  private void endLine() {
    if (length > 0 && left > 0) {
      left--;
      lines.accept(Arrays.copyOf(line, length));
      if (left == 0) {
        lines.accept(NO_MORE);
      }
    }
    length = 0;
  }

  private void openWindow() {
    if (window == null) {
      window = loop.runAfter(WINDOW_MILLIS, this::startNextWindow);
    }
  }

  private void startNextWindow() {
    window = null;
    left = LINES;
    bytesLeft = LINES * LINE_MAX;
    if (!watched && fd >= 0) {
      try {
        watchAgain();
      } catch (SystemCallException e) {
        close();
      }
    }
  }

  private void unwatch() {
    loop.unwatch(fd);
    watched = false;
  }

  /** Reads what an ended child has left, within the same bounds, and closes. */
  void finish() {
    for (int i = 0; fd >= 0 && left > 0 && i < LAST_READS; i++) {
      readSome();
    }
    close();
  }

  private void close() {
    if (fd >= 0) {
      endLine();
      if (watched) {
        unwatch();
      }
      loop.closer().close(fd);
      fd = -1;
    }
    if (window != null) {
      window.cancel();
      window = null;
    }
  }
}
