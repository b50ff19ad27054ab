/*
 * Trusted to keep the bytes of one upload out of every other file: it is empty before the next
 * upload begins.
 */
package org.twoftpd.session.data;

import org.twoftpd.shared.os.Native;

/**
 * Through a pipe the kernel moves bytes from a data connection to a file without copying them into
 * this process (splice(2)). The first upload that is long enough makes the pipe, and later ones use
 * it again. A session without such an upload pays nothing, and the kernel charges the pipe to the
 * user, not to root (pipe(7), pipe-user-pages-soft).
 */
final class Pipe {
  /**
   * A larger pipe than the kernel's 64 KiB needs fewer calls, which saves a third of the CPU time.
   * An unprivileged user may have this much.
   */
  private static final int WANTED_SIZE = 1 << 20;

  /** The kernel gives a smaller pipe to a user who has many, and that one saves nothing. */
  private static final int LEAST_USEFUL_SIZE = 1 << 16;

  private final int[] ends = {-1, -1};
  private int size;

  /**
   * Makes the pipe unless it is there.
   *
   * @return false when the kernel gives none that is large enough
   */
  boolean ensureOpen() {
    if (ends[0] >= 0) {
      return true;
    }
    if (Native.pipe(ends) < 0) {
      ends[0] = -1;
      return false;
    }
    size = Native.setPipeSize(ends[1], WANTED_SIZE);
    if (size < LEAST_USEFUL_SIZE) {
      close();
      return false;
    }
    return true;
  }

  /**
   * Moves into the pipe what the socket has.
   *
   * @return the number of bytes, 0 at the end, or a negative error number
   */
  long fillFrom(int socket) {
    return Native.splice(socket, ends[1], size);
  }

  /**
   * Moves at most {@code length} bytes from the pipe to the file.
   *
   * @return the number of bytes, or a negative error number
   */
  long drainTo(int file, long length) {
    return Native.splice(ends[0], file, length);
  }

  /** Moves bytes as {@link #drainTo} does, but to {@code address}. */
  long drainToMemory(long address, long length) {
    return Native.readTo(ends[0], address, length);
  }

  /** Closes both ends, and loses what is in the pipe. */
  void close() {
    Native.close(ends[0]);
    Native.close(ends[1]);
    ends[0] = -1;
    ends[1] = -1;
  }
}
