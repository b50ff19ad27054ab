/*
 * Trusted to hold, between two calls of the kernel, bytes of one upload, and to be empty before the next.
 */
package org.twoftpd.session.data;

import org.twoftpd.shared.os.Native;

/**
 * A pipe through which the kernel moves bytes from a data connection to a file without this process
 * taking them over (splice(2)). It is made for the first upload that is worth it and kept: that
 * costs a session nothing before, and the user, not root, pays for it (pipe(7),
 * pipe-user-pages-soft).
 */
final class Pipe {
  /** Fewer calls than the kernel's 64 KiB: a third less CPU. An unprivileged user may have it. */
  private static final int WANTED_SIZE = 1 << 20;

  /** What the kernel leaves a user who has many pipes is no gain. */
  private static final int LEAST_USEFUL_SIZE = 1 << 16;

  private final int[] ends = {-1, -1};
  private int size;

  /** False when there is none to be had. */
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

  /** Takes what there is: the number of bytes, 0 at the end, or a negative error number. */
  long fillFrom(int socket) {
    return Native.splice(socket, ends[1], size);
  }

  /**
   * Gives at most {@code length} of what is in it: the number of bytes, or a negative error number.
   */
  long drainTo(int file, long length) {
    return Native.splice(ends[0], file, length);
  }

  /** As {@link #drainTo}, into memory. */
  long drainToMemory(long address, long length) {
    return Native.readTo(ends[0], address, length);
  }

  /** Ends it with what is in it. */
  void close() {
    Native.close(ends[0]);
    Native.close(ends[1]);
    ends[0] = -1;
    ends[1] = -1;
  }
}
