package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Sends a file or a listing over a data connection until its end, or until the {@link Transfer} is
 * over otherwise. It opens nothing, and looks at nothing but line ends.
 */
public final class Sender {
  /** One sendfile(2) is asked for so many bytes, which fill any socket's buffer. */
  private static final long SENDFILE_MOST = 4L << 20;

  /** A file of so many bytes fits into the buffer of any socket. */
  private static final int SMALL_FILE = 16 << 10;

  /** One write(2) of {@link Native} takes at most so many bytes. */
  private static final int LINE_BUFFER_SIZE = 65536;

  private final Transfer transfer;

  /** Makes the sender of one transfer. */
  public Sender(Transfer transfer) {
    this.transfer = transfer;
  }

  /**
   * Sends a file from {@code offset} to its end, and changes none of its bytes. It asks the kernel
   * for more until the kernel says that the file ends, although the size is known: each call waits
   * for room in the socket, so the 226 reply does not come long before the client has read the
   * data. aria2 would wait for ever otherwise. Only a small file that went out in one call needs no
   * such wait.
   *
   * @param size the size when the transfer began; a file that has become shorter is a failure of
   *     the file
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

  /** Sends a text, with its line ends as the wire has them. */
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

  /** Sends lines that have their line ends already. */
  public TransferResult sendLines(LineSource source) throws ConnectionEnded {
    byte[] out = new byte[LINE_BUFFER_SIZE];
    try {
      int n;
      while ((n = source.fill(out)) >= 0 && sendAll(out, 0, n)) {
        transfer.countBytes(n);
        // A source may be slow, so the session looks for commands after each piece.
        transfer.requirePoll();
      }
    } catch (SystemCallException e) {
      transfer.failOnFile(-e.errno());
    }
    return transfer.result();
  }

  /** Sends {@code bytes}, or what lies at {@code address} when that is null. */
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
