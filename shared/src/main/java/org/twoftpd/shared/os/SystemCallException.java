package org.twoftpd.shared.os;

import java.io.IOException;

/**
 * A system call failed. The exception has no stack trace, since it carries an answer of the kernel
 * rather than a fault of this program.
 */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * @param errno a positive number, see {@link Errno}
   */
  public SystemCallException(int errno) {
    super(Errno.message(errno));
    this.errno = errno;
  }

  /** The error number, positive. */
  public int errno() {
    return errno;
  }

  /** Passes a result of {@link Native} on, or throws when it is a negative error number. */
  public static int check(int result) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(-result);
    }
    return result;
  }

  /** As {@link #check(int)}. */
  public static long check(long result) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException((int) -result);
    }
    return result;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
