/*
 * Trusted with the bytes of one file, or of one listing, on their way out.  It opens nothing, and the content means
 * nothing to it.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Sends over a data connection until the end, or until the {@link Transfer} is over otherwise. */
public final class Sender {
  /** How much one sendfile(2) is asked for: enough to fill any socket's buffer. */
  private static final long AT_ONCE = 4L << 20;

  /** Fits into the buffer of any socket. */
  private static final int SMALL = 16 << 10;

  /** What one write(2) of {@link Native} takes. */
  private static final int TEXT = 65536;

  private final Transfer transfer;

  /** For one transfer. */
  public Sender(Transfer transfer) {
    this.transfer = transfer;
  }

  /**
   * Sends a file as it is, from {@code offset} to its end. The end is asked for even when the size
   * is known: that waits for room in the socket, so that 226 is not far ahead of what the client
   * has read, which aria2 waits for in vain else. Only of a small file that has gone out at once
   * there is nothing to wait for.
   *
   * @param size what it was when the transfer began; a file that has become shorter is a failure
   *     here
   */
  public TransferResult file(int file, long offset, long size) throws ConnectionEnded {
    boolean going = true;
    transfer.mayStart();
    while (going && transfer.mayMove(Readiness.WRITE)) {
      long at = offset + transfer.bytes();
      long n = Native.sendfile(transfer.data(), file, at, AT_ONCE);
      if (n > 0) {
        transfer.moved(n);
        if (at == offset && n <= SMALL && at + n >= size) {
          break;
        }
      } else if (n == 0) {
        going = at < size && transfer.here(-Errno.EIO);
        break;
      } else if (n == -Errno.EAGAIN) {
        transfer.mustWait();
      } else if (n == -Errno.EIO) {
        going = transfer.here(n);
      } else if (n != -Errno.EINTR) {
        going = transfer.broken();
      }
    }
    return transfer.result();
  }

  /** Sends a file with its line ends as the wire has them. */
  public TransferResult text(int file, long offset, long size) throws ConnectionEnded {
    AsciiTranslation lines = new AsciiTranslation();
    long at = Native.lseek(file, Math.max(offset - 1, 0), 0);
    if (at >= 0 && offset > 0) {
      byte[] before = new byte[1];
      at = Native.read(file, before, 0, 1);
      lines.begin(before[0]);
    }
    if (at < 0) {
      transfer.here(at);
      return transfer.result();
    }
    int n;
    while ((n = (int) Native.readTo(file, lines.room(), AsciiTranslation.PIECE)) > 0) {
      if (!send(null, lines.out(), lines.toWire(n))) {
        return transfer.result();
      }
      transfer.moved(n);
    }
    if (n < 0) {
      transfer.here(n);
    } else if (offset + transfer.bytes() < size) {
      transfer.here(-Errno.EIO);
    }
    return transfer.result();
  }

  /** Sends lines that are complete with their ends. */
  public TransferResult lines(LineSource source) throws ConnectionEnded {
    byte[] out = new byte[TEXT];
    try {
      int n;
      while ((n = source.fill(out)) >= 0 && send(out, 0, n)) {
        transfer.moved(n);
        // A source may be slow, so commands are looked for at every piece.
        transfer.mustWait();
      }
    } catch (SystemCallException e) {
      transfer.here(-e.errno());
    }
    return transfer.result();
  }

  /** Sends {@code bytes}, or for null what is at {@code address}. */
  private boolean send(byte[] bytes, long address, int length) throws ConnectionEnded {
    int from = 0;
    while (from < length) {
      if (!transfer.mayMove(Readiness.WRITE)) {
        return false;
      }
      long n =
          bytes == null
              ? Native.writeFrom(transfer.data(), address + from, length - from)
              : Native.write(transfer.data(), bytes, from, length - from);
      if (n > 0) {
        from += (int) n;
      } else if (n == -Errno.EAGAIN) {
        transfer.mustWait();
      } else if (n != -Errno.EINTR) {
        return transfer.broken();
      }
    }
    return true;
  }
}
