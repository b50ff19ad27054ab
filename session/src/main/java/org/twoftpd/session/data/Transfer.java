/*
 * Trusted with the bytes of one file and one data connection.  It opens neither, and neither side's content means
 * anything to it.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.data.TransferResult.End;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Moves bytes until the end, an interruption, a stall or a failure. For one transfer. */
public final class Transfer {
  /** How much one sendfile(2) is asked for: enough to fill any socket's buffer. */
  private static final long SEND_AT_ONCE = 4L << 20;

  /** After so many bytes without a wait, commands are looked for. */
  private static final long LOOK_EVERY = 2L << 20;

  private static final int RECEIVE_AT_ONCE = 128 << 10;
  private static final int TEXT = 65536;

  // Touched only as far as a transfer fills it, and the session serves one transfer at a time.
  private static final long RECEIVE_BUFFER = Native.allocate(RECEIVE_AT_ONCE);

  private final int data;
  private final TransferWait wait;
  private final long stallNanos;
  private long bytes;
  private long lookAt;
  private End stopped;
  private int errno;

  /**
   * @param data the data connection, non-blocking
   * @param stallSeconds how long nothing may move
   */
  public Transfer(int data, TransferWait wait, int stallSeconds) {
    this.data = data;
    this.wait = wait;
    this.stallNanos = stallSeconds * 1_000_000_000L;
  }

  /** Loads what transfers need. */
  public static void preload() {
    if (RECEIVE_BUFFER == 0) {
      throw new OutOfMemoryError("no memory for the transfer buffer");
    }
  }

  /** The bytes of the file that have gone over so far. */
  public long bytes() {
    return bytes;
  }

  private TransferResult result(End end) {
    return new TransferResult(end, bytes, errno);
  }

  /**
   * Waits for the data connection; false when the transfer is over, and {@link #stopped} says why.
   */
  private boolean ready(short what) throws ConnectionEnded {
    switch (wait.await(data, what, System.nanoTime() + stallNanos)) {
      case READY -> {
        return true;
      }
      case TIMED_OUT -> stopped = End.TIMED_OUT;
      case INTERRUPTED -> stopped = End.INTERRUPTED;
    }
    return false;
  }

  /** As {@link #ready}, but asked only now and then while bytes move without waiting. */
  private boolean mayMove(short what) throws ConnectionEnded {
    if (bytes < lookAt) {
      return true;
    }
    lookAt = bytes + LOOK_EVERY;
    return ready(what);
  }

  private boolean here(long failure) {
    errno = (int) -failure;
    stopped = End.HERE;
    return false;
  }

  /**
   * Sends a file as it is, from {@code offset} to its end.
   *
   * @param size what it was when the transfer began; a file that has become shorter is a failure
   *     here
   */
  public TransferResult sendFile(int file, long offset, long size) throws ConnectionEnded {
    while (mayMove(Readiness.WRITE)) {
      long n = Native.sendfile(data, file, offset + bytes, SEND_AT_ONCE);
      if (n > 0) {
        bytes += n;
      } else if (n == 0) {
        if (offset + bytes < size) {
          here(-Errno.EIO);
          break;
        }
        return result(End.DONE);
      } else if (n == -Errno.EIO) {
        here(n);
        break;
      } else if (n == -Errno.EAGAIN) {
        lookAt = bytes;
      } else if (n != -Errno.EINTR) {
        stopped = End.BROKEN;
        break;
      }
    }
    return result(stopped);
  }

  /** Sends a file with its line ends as the wire has them. */
  public TransferResult sendText(int file, long offset, long size) throws ConnectionEnded {
    long at = Native.lseek(file, offset, 0);
    if (at < 0) {
      here(at);
      return result(stopped);
    }
    byte[] in = new byte[TEXT];
    byte[] out = new byte[2 * TEXT];
    while (true) {
      int n = Native.read(file, in, 0, in.length);
      if (n < 0) {
        here(n);
        return result(stopped);
      }
      if (n == 0) {
        if (offset + bytes < size) {
          here(-Errno.EIO);
        }
        return result(stopped == null ? End.DONE : stopped);
      }
      if (!send(out, AsciiTranslation.toWire(in, n, out))) {
        return result(stopped);
      }
      bytes += n;
    }
  }

  /** Sends lines that are complete with their ends. */
  public TransferResult sendLines(LineSource source) throws ConnectionEnded {
    byte[] out = new byte[TEXT];
    while (true) {
      int n;
      try {
        n = source.fill(out);
      } catch (SystemCallException e) {
        here(-e.errno());
        return result(stopped);
      }
      if (n < 0) {
        return result(End.DONE);
      }
      if (!send(out, n)) {
        return result(stopped);
      }
      bytes += n;
    }
  }

  private boolean send(byte[] out, int length) throws ConnectionEnded {
    int from = 0;
    while (from < length) {
      if (!ready(Readiness.WRITE)) {
        return false;
      }
      int n = Native.write(data, out, from, length - from);
      if (n > 0) {
        from += n;
      } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
        stopped = End.BROKEN;
        return false;
      }
    }
    return true;
  }

  /** Receives a file as it is, to the current position of {@code file}. */
  public TransferResult receiveFile(int file) throws ConnectionEnded {
    while (mayMove(Readiness.READ)) {
      long n = Native.readTo(data, RECEIVE_BUFFER, RECEIVE_AT_ONCE);
      if (n == 0) {
        // A client that has given up ends both connections: what it said last decides whether this
        // is the end.
        return ready(Readiness.READ) ? result(End.DONE) : result(stopped);
      }
      if (n > 0) {
        if (!keep(file, n)) {
          break;
        }
      } else if (n == -Errno.EAGAIN) {
        lookAt = bytes;
      } else if (n != -Errno.EINTR) {
        stopped = End.BROKEN;
        break;
      }
    }
    return result(stopped);
  }

  private boolean keep(int file, long length) {
    long from = 0;
    while (from < length) {
      long n = Native.writeFrom(file, RECEIVE_BUFFER + from, length - from);
      if (n >= 0) {
        from += n;
        bytes += n;
      } else if (n != -Errno.EINTR) {
        return here(n);
      }
    }
    return true;
  }

  /**
   * Receives a text, with its line ends as files have them, to the current position of {@code
   * file}.
   */
  public TransferResult receiveText(int file) throws ConnectionEnded {
    byte[] in = new byte[TEXT];
    byte[] out = new byte[TEXT + 1];
    AsciiTranslation lines = new AsciiTranslation();
    while (ready(Readiness.READ)) {
      int n = Native.read(data, in, 0, in.length);
      if (n == 0) {
        if (lines.endsWithReturn()) {
          out[0] = '\r';
          if (!keep(file, out, 1)) {
            break;
          }
        }
        return result(End.DONE);
      }
      if (n > 0) {
        if (!keep(file, out, lines.toFile(in, n, out))) {
          break;
        }
      } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
        stopped = End.BROKEN;
        break;
      }
    }
    return result(stopped);
  }

  private boolean keep(int file, byte[] out, int length) {
    int from = 0;
    while (from < length) {
      int n = Native.write(file, out, from, length - from);
      if (n >= 0) {
        from += n;
        bytes += n;
      } else if (n != -Errno.EINTR) {
        return here(n);
      }
    }
    return true;
  }
}
