/*
 * Trusted to take what a child says on its descriptor 2 without ever waiting for it or being kept busy by it: a virtual
 * machine's last words are worth a line, and a child that has been taken over writes what it likes.
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
 * One end of a socketpair of the child's own, so that it holds nothing that is the monitor's. Both
 * ends never block: a child whose words nobody takes loses them and goes on, when the monitor is
 * gone too (virtual machines ignore SIGPIPE).
 */
final class ErrorOutput {
  /** What is longer is cut. */
  static final int LINE_MAX = 1000;

  /** So many lines in so much time; then nothing is read until the time is over. */
  static final int LINES = 40;

  static final long WINDOW_MILLIS = 10_000;

  private static final int READ_BYTES = 4096;

  /** More than the lines that may be left. */
  private static final int LAST_READS = 17;

  private static final byte[] NO_MORE =
      "(no more of this is logged for ten seconds)".getBytes(StandardCharsets.US_ASCII);

  private final EventLoop loop;
  private final Consumer<byte[]> lines;
  private int fd;

  /** Made when it is needed: hardly any child ever says anything. */
  private byte[] line;

  private int length;
  private int left = LINES;

  /** Of what has no line ends, too, there is no more than those lines could have. */
  private int bytesLeft = LINES * LINE_MAX;

  private boolean watched;
  private EventLoop.Timer window;

  /**
   * @param lines told each line without its end; never more than {@link #LINES} and one in {@link
   *     #WINDOW_MILLIS}
   */
  private ErrorOutput(EventLoop loop, int fd, Consumer<byte[]> lines) {
    this.loop = loop;
    this.fd = fd;
    this.lines = lines;
  }

  /** Watches {@code fd} and owns it from here on, also when that fails. */
  static ErrorOutput watch(EventLoop loop, int fd, Consumer<byte[]> lines)
      throws SystemCallException {
    ErrorOutput output = new ErrorOutput(loop, fd, lines);
    try {
      output.resume();
    } catch (SystemCallException e) {
      loop.closer().close(fd);
      throw e;
    }
    return output;
  }

  private void resume() throws SystemCallException {
    loop.watchReadable(fd, this::readable);
    watched = true;
  }

  private void readable() {
    byte[] buffer = new byte[READ_BYTES];
    int n = Native.read(fd, buffer, 0, buffer.length);
    if (n > 0) {
      take(buffer, n);
    } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
      close();
    }
  }

  private void take(byte[] buffer, int n) {
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
      pause();
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
      window = loop.runAfter(WINDOW_MILLIS, this::nextWindow);
    }
  }

  private void nextWindow() {
    window = null;
    left = LINES;
    bytesLeft = LINES * LINE_MAX;
    if (!watched && fd >= 0) {
      try {
        resume();
      } catch (SystemCallException e) {
        close();
      }
    }
  }

  private void pause() {
    loop.unwatch(fd);
    watched = false;
  }

  /** The child has ended: takes what it has left, within the same bounds. */
  void finish() {
    for (int i = 0; fd >= 0 && left > 0 && i < LAST_READS; i++) {
      readable();
    }
    close();
  }

  /** Takes no more. */
  private void close() {
    if (fd >= 0) {
      endLine();
      if (watched) {
        pause();
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
