/*
 * Trusted with the bytes of one file on their way in.  It opens nothing, and the content means nothing to it.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * Receives over a data connection until its end, or until the {@link Transfer} is over otherwise,
 * and writes to the current position of a file.
 */
public final class Receiver {
  private static final int AT_ONCE = 128 << 10;

  // Touched only as far as a transfer fills it, and the session serves one transfer at a time.
  private static final long BUFFER = buffer();
  private static final Pipe PIPE = new Pipe();

  private final Transfer transfer;

  /** Whether bytes come by way of the buffer rather than of the pipe. */
  private boolean copying = true;

  /** Whether a pipe was asked for. */
  private boolean asked;

  /** For one transfer. */
  public Receiver(Transfer transfer) {
    this.transfer = transfer;
  }

  private static long buffer() {
    long address = Native.allocate(AT_ONCE);
    if (address == 0) {
      throw new OutOfMemoryError("no memory for the transfer buffer");
    }
    return address;
  }

  /** Receives a file as it is. */
  public TransferResult file(int file) throws ConnectionEnded {
    boolean going = true;
    while (going && transfer.mayMove(Readiness.READ)) {
      if (!asked && transfer.bytes() >= AT_ONCE) {
        // Not worth a pipe before.
        asked = true;
        copying = !PIPE.open();
      }
      int data = transfer.data();
      long n = copying ? Native.readTo(data, BUFFER, AT_ONCE) : PIPE.fill(data);
      if (n > 0) {
        going = copying ? keep(file, BUFFER, n) : pass(file, n);
      } else if (n == 0) {
        transfer.endedByClient();
        break;
      } else {
        going = mayGoOnAfter(n);
      }
    }
    return transfer.result();
  }

  /** Receives a text, with its line ends as files have them. */
  public TransferResult text(int file) throws ConnectionEnded {
    AsciiTranslation lines = new AsciiTranslation();
    boolean going = true;
    while (going && transfer.mayMove(Readiness.READ)) {
      int n = (int) Native.readTo(transfer.data(), lines.room(), AsciiTranslation.PIECE);
      if (n > 0) {
        going = keep(file, lines.out(), lines.toFile(n));
      } else if (n == 0) {
        if (keep(file, lines.out(), lines.rest())) {
          transfer.endedByClient();
        }
        break;
      } else {
        going = mayGoOnAfter(n);
      }
    }
    return transfer.result();
  }

  private boolean mayGoOnAfter(long failure) {
    transfer.mustWait();
    return failure == -Errno.EAGAIN || failure == -Errno.EINTR || transfer.broken();
  }

  /**
   * Has the pipe's content written to the file. A file that takes nothing from a pipe gets the
   * rest, and what comes after it, by way of the buffer.
   */
  private boolean pass(int file, long length) {
    long left = length;
    boolean going = true;
    while (going && left > 0) {
      long n = copying ? PIPE.read(BUFFER, Math.min(left, AT_ONCE)) : PIPE.drain(file, left);
      if (n > 0) {
        left -= n;
        if (copying) {
          going = keep(file, BUFFER, n);
        } else {
          transfer.moved(n);
        }
      } else if (n == -Errno.EINVAL && !copying) {
        copying = true;
      } else if (n != -Errno.EINTR) {
        going = transfer.here(n == 0 ? -Errno.EIO : n);
      }
    }
    if (!going) {
      // What is left in it belongs to no other file.
      PIPE.close();
    }
    return going;
  }

  /** Writes what is at {@code address} to the file. */
  private boolean keep(int file, long address, long length) {
    long from = 0;
    while (from < length) {
      long n = Native.writeFrom(file, address + from, length - from);
      if (n >= 0) {
        from += n;
        transfer.moved(n);
      } else if (n != -Errno.EINTR) {
        return transfer.here(n);
      }
    }
    return true;
  }
}
