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
  private static final int TEXT = 65536;

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
        going = copying ? keep(file, null, n) : pass(file, n);
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
    byte[] in = new byte[TEXT];
    byte[] out = new byte[TEXT + 1];
    AsciiTranslation lines = new AsciiTranslation();
    boolean going = true;
    while (going && transfer.mayMove(Readiness.READ)) {
      int n = Native.read(transfer.data(), in, 0, in.length);
      if (n > 0) {
        going = keep(file, out, lines.toFile(in, n, out));
      } else if (n == 0) {
        out[0] = '\r';
        if (!lines.endsWithReturn() || keep(file, out, 1)) {
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
          going = keep(file, null, n);
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

  /** Writes {@code bytes}, or for null the buffer outside the heap, to the file. */
  private boolean keep(int file, byte[] bytes, long length) {
    long from = 0;
    while (from < length) {
      long n =
          bytes == null
              ? Native.writeFrom(file, BUFFER + from, length - from)
              : Native.write(file, bytes, (int) from, (int) (length - from));
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
