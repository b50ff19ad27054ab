/*
 * Trusted to tell root, and nobody else, who is logged in, and to end a session when root says so.  Its socket is root's, it
 * asks the kernel who is at the other end, and it reads questions of one fixed size.
 */
package org.twoftpd.monitor.who;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.UnixListener;
import org.twoftpd.shared.text.SafeText;

/**
 * The socket that twoftpd-who(8) asks on. A question is five bytes: L and a zero for the list, or E
 * and a pid, in the order of the network. The answer is text in ISO-8859-1, then the end.
 */
public final class StatusSocket {
  /** A question has so many bytes. */
  public static final int QUESTION = 5;

  private static final int BACKLOG = 8;

  /** Even root is given up that takes longer than this. */
  private static final int PATIENCE_MILLIS = 5000;

  private static final long ACCEPT_PAUSE_MILLIS = 200;

  /** The sessions that questions are about. Called on the loop's thread. */
  public interface Sessions {
    /** Writes one line for each session. */
    String list();

    /** Ends a session; false when there is none with that pid. */
    boolean end(int pid);
  }

  private final EventLoop loop;
  private final Sessions sessions;
  private final int listener;
  private final IntUnaryOperator accepting;

  private StatusSocket(
      EventLoop loop, Sessions sessions, int listener, IntUnaryOperator accepting) {
    this.accepting = accepting;
    this.loop = loop;
    this.sessions = sessions;
    this.listener = listener;
  }

  /**
   * Opens the socket and answers on it for as long as the loop runs.
   *
   * @param path where nothing is yet, in a directory that only root can write
   */
  public static void open(EventLoop loop, String path, Sessions sessions)
      throws SystemCallException {
    open(loop, path, sessions, Native::accept);
  }

  static void open(EventLoop loop, String path, Sessions sessions, IntUnaryOperator accepting)
      throws SystemCallException {
    int fd = UnixListener.open(path, BACKLOG);
    StatusSocket desk = new StatusSocket(loop, sessions, fd, accepting);
    loop.watchReadable(fd, desk::accept);
  }

  private void accept() {
    int fd = accepting.applyAsInt(listener);
    if (fd < 0) {
      if (!Errno.isNoConnection(fd)) {
        // The process is out of descriptors, say: the kernel would say the same again at once, and
        // for as long as it lasts.
        loop.mute(listener);
        loop.runAfter(ACCEPT_PAUSE_MILLIS, () -> loop.unmute(listener));
      }
      return;
    }
    if (Native.peerUid(fd) != 0) {
      loop.closer().close(fd);
      return;
    }
    // Root's program may be slow or stopped, which must not hold up the loop.
    try {
      Thread.ofPlatform().daemon().name("who").start(() -> serve(fd));
    } catch (OutOfMemoryError _) {
      loop.closer().close(fd);
    }
  }

  private void serve(int fd) {
    byte[] question = new byte[QUESTION];
    int n = 0;
    while (n < QUESTION && waitFor(fd, PollEvents.POLLIN)) {
      int got = Native.read(fd, question, n, QUESTION - n);
      if (got == 0 || got < 0 && got != -Errno.EAGAIN) {
        break;
      }
      n += Math.max(0, got);
    }
    if (n < QUESTION) {
      Native.close(fd);
      return;
    }
    FutureTask<String> asked = new FutureTask<>(() -> answer(question));
    loop.post(asked);
    try {
      sendAnswer(fd, asked.get().getBytes(StandardCharsets.ISO_8859_1));
    } catch (ExecutionException | InterruptedException _) {
      Native.close(fd);
    }
  }

  private String answer(byte[] question) {
    int pid = ByteBuffer.wrap(question).getInt(1);
    return switch (question[0]) {
      case 'L' -> sessions.list();
      case 'E' -> sessions.end(pid) ? "ended\n" : "unknown\n";
      default -> "not understood\n";
    };
  }

  private static void sendAnswer(int fd, byte[] answer) {
    int at = 0;
    while (at < answer.length && waitFor(fd, PollEvents.POLLOUT)) {
      int n = Native.write(fd, answer, at, answer.length - at);
      if (n < 0 && n != -Errno.EAGAIN) {
        break;
      }
      at += Math.max(0, n);
    }
    Native.close(fd);
  }

  private static boolean waitFor(int fd, short what) {
    int[] fds = {fd};
    short[] events = {what};
    int ready = Native.poll(fds, events, 1, PATIENCE_MILLIS);
    return ready > 0 || ready == -Errno.EINTR;
  }

  /** Makes one field of a line, since what somebody else chose must not begin another one. */
  public static String field(byte[] value) {
    byte[] safe = SafeText.mask(value, '?');
    return new String(Arrays.copyOf(safe, Math.min(safe.length, 255)), StandardCharsets.ISO_8859_1);
  }
}
