package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * Receives a file over a data connection until the client ends it, or until the {@link Transfer} is
 * over otherwise. It writes to the current position of the file. It opens nothing, and does not
 * look at the content.
 */
public final class Receiver {
  private static final int BUFFER_SIZE = 128 << 10;

  // The kernel gives these pages real memory only when a transfer fills them. One buffer is enough,
  // since a session serves one transfer at a time.
  private static final long BUFFER = allocateBuffer();
  private static final Pipe PIPE = new Pipe();

  private final Transfer transfer;

  /** True while bytes go through the buffer rather than through the pipe. */
  private boolean copying = true;

  /** True when this transfer has tried to get a pipe. */
  private boolean pipeAsked;

  /** Makes the receiver of one transfer. */
  public Receiver(Transfer transfer) {
    this.transfer = transfer;
  }

  private static long allocateBuffer() {
    long address = Native.allocate(BUFFER_SIZE);
    if (address == 0) {
      throw new OutOfMemoryError("no memory for the transfer buffer");
    }
    return address;
  }

  /** Receives a file and changes none of its bytes. */
  public TransferResult receiveFile(int file) throws ConnectionEnded {
    boolean continuing = true;
    while (continuing && transfer.pollIfDue(Readiness.READ)) {
      if (!pipeAsked && transfer.bytes() >= BUFFER_SIZE) {
        // A short upload is over before a pipe saves what it costs.
        pipeAsked = true;
        copying = !PIPE.ensureOpen();
      }
      int data = transfer.dataDescriptor();
      long n = copying ? Native.readTo(data, BUFFER, BUFFER_SIZE) : PIPE.fillFrom(data);
      if (n > 0) {
        continuing = copying ? writeToFile(file, BUFFER, n) : writeFromPipe(file, n);
      } else if (n == 0) {
        transfer.endByClient();
        break;
      } else {
        continuing = mayContinueAfter(n);
      }
    }
    return transfer.result();
  }

  /** Receives a text, and writes its line ends as files have them. */
  public TransferResult receiveText(int file) throws ConnectionEnded {
    AsciiTranslation lines = new AsciiTranslation();
    boolean continuing = true;
    while (continuing && transfer.pollIfDue(Readiness.READ)) {
      int data = transfer.dataDescriptor();
      int n = (int) Native.readTo(data, lines.inputAddress(), AsciiTranslation.PIECE);
      if (n > 0) {
        continuing = writeToFile(file, lines.outputAddress(), lines.translateToFile(n));
      } else if (n == 0) {
        if (writeToFile(file, lines.outputAddress(), lines.releaseHeldReturn())) {
          transfer.endByClient();
        }
        break;
      } else {
        continuing = mayContinueAfter(n);
      }
    }
    return transfer.result();
  }

  private boolean mayContinueAfter(long failure) {
    transfer.requirePoll();
    return failure == -Errno.EAGAIN || failure == -Errno.EINTR || transfer.failOnConnection();
  }

  /**
   * Writes the pipe's content to the file. A file system that takes nothing from a pipe gets the
   * rest, and all that follows, through the buffer.
   */
  private boolean writeFromPipe(int file, long length) {
    long left = length;
    boolean continuing = true;
    while (continuing && left > 0) {
      long n =
          copying
              ? PIPE.drainToMemory(BUFFER, Math.min(left, BUFFER_SIZE))
              : PIPE.drainTo(file, left);
      if (n > 0) {
        left -= n;
        if (copying) {
          continuing = writeToFile(file, BUFFER, n);
        } else {
          transfer.countBytes(n);
        }
      } else if (n == -Errno.EINVAL && !copying) {
        copying = true;
      } else if (n != -Errno.EINTR) {
        continuing = transfer.failOnFile(n == 0 ? -Errno.EIO : n);
      }
    }
    if (!continuing) {
      // Bytes that stay in the pipe would go into the next file.
      PIPE.close();
    }
    return continuing;
  }

  /** Writes the bytes at {@code address} to the file. */
  private boolean writeToFile(int file, long address, long length) {
    long from = 0;
    while (from < length) {
      long n = Native.writeFrom(file, address + from, length - from);
      if (n >= 0) {
        from += n;
        transfer.countBytes(n);
      } else if (n != -Errno.EINTR) {
        return transfer.failOnFile(n);
      }
    }
    return true;
  }
}
