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
  private static final long SENDFILE_MOST = 4L << 20;

  /** Fits into the buffer of any socket. */
  private static final int SMALL_FILE = 16 << 10;

  /** What one write(2) of {@link Native} takes. */
  private static final int LINE_BUFFER_SIZE = 65536;

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
  public TransferResult sendFile(int file, long offset, long size) throws ConnectionEnded {
    boolean continuing = true;
    transfer.skipFirstPoll();
    while (continuing && transfer.pollIfDue(Readiness.WRITE)) {
      long at = offset + transfer.bytes();
      long n = Native.sendfile(transfer.dataDescriptor(), file, at, SENDFILE_MOST);
      if (n > 0) {
        transfer.countBytes(n);
        if (at == offset && n <= SMALL_FILE && at + n >= size) {
          break;
        }
      } else if (n == 0) {
        continuing = at < size && transfer.failOnFile(-Errno.EIO);
        break;
      } else if (n == -Errno.EAGAIN) {
        transfer.requirePoll();
      } else if (n == -Errno.EIO) {
        continuing = transfer.failOnFile(n);
      } else if (n != -Errno.EINTR) {
        continuing = transfer.failOnConnection();
      }
    }
    return transfer.result();
  }

  /** Sends a file with its line ends as the wire has them. */
  public TransferResult sendText(int file, long offset, long size) throws ConnectionEnded {
    AsciiTranslation lines = new AsciiTranslation();
    long at = Native.lseek(file, Math.max(offset - 1, 0), 0);
    if (at >= 0 && offset > 0) {
      byte[] before = new byte[1];
      at = Native.read(file, before, 0, 1);
      lines.setPrecedingByte(before[0]);
    }
    if (at < 0) {
      transfer.failOnFile(at);
      return transfer.result();
    }
    int n;
    while ((n = (int) Native.readTo(file, lines.inputAddress(), AsciiTranslation.PIECE)) > 0) {
      if (!sendAll(null, lines.outputAddress(), lines.translateToWire(n))) {
        return transfer.result();
      }
      transfer.countBytes(n);
    }
    if (n < 0) {
      transfer.failOnFile(n);
    } else if (offset + transfer.bytes() < size) {
      transfer.failOnFile(-Errno.EIO);
    }
    return transfer.result();
  }

  /** Sends lines that are complete with their ends. */
  public TransferResult sendLines(LineSource source) throws ConnectionEnded {
    byte[] out = new byte[LINE_BUFFER_SIZE];
    try {
      int n;
      while ((n = source.fill(out)) >= 0 && sendAll(out, 0, n)) {
        transfer.countBytes(n);
        // A source may be slow, so commands are looked for at every piece.
        transfer.requirePoll();
      }
    } catch (SystemCallException e) {
      transfer.failOnFile(-e.errno());
    }
    return transfer.result();
  }

  /** Sends {@code bytes}, or for null what is at {@code address}. */
  private boolean sendAll(byte[] bytes, long address, int length) throws ConnectionEnded {
    int from = 0;
    while (from < length) {
      if (!transfer.pollIfDue(Readiness.WRITE)) {
        return false;
      }
      long n =
          bytes == null
              ? Native.writeFrom(transfer.dataDescriptor(), address + from, length - from)
              : Native.write(transfer.dataDescriptor(), bytes, from, length - from);
      if (n > 0) {
        from += (int) n;
      } else if (n == -Errno.EAGAIN) {
        transfer.requirePoll();
      } else if (n != -Errno.EINTR) {
        return transfer.failOnConnection();
      }
    }
    return true;
  }
}
