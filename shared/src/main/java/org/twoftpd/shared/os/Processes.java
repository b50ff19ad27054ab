/*
 * Trusted with everything, as Native is: it calls the C library.  It decides nothing and keeps no state; each method is one
 * system call whose arguments are checked for length.  The C side is src/main/c/children.c and namespaces.c.
 */
package org.twoftpd.shared.os;

/**
 * System calls about other processes, by their own names; {@link Native} says what holds for their
 * results and arguments. Sessions and gates have no use for them, so they do not load this class.
 */
public final class Processes {
  static {
    Native.load();
  }

  private Processes() {}

  /**
   * Loads this class now rather than at the first call, which could be where no file can be read.
   */
  public static void load() {}

  /**
   * posix_spawn(3): starts {@code path} with exactly these arguments and this environment, {@code
   * stdin} as its descriptor 0, /dev/null as 1, {@code stderr} as 2, and nothing else open. Signals
   * are at their defaults. When {@code stdin} or {@code stderr} is not open, nothing is started and
   * the answer is {@code -EBADF}.
   *
   * @param arguments argv[0], which must be there, and those after it; none has a NUL, and neither
   *     has the environment
   * @param stderr not 0
   * @return the pid
   */
  public static native int spawn(
      byte[] path, byte[][] arguments, byte[][] environment, int stdin, int stderr);

  /**
   * execve(2): this process becomes another program, with exactly these arguments and this
   * environment, and keeps the descriptors that are not close-on-exec. It returns only on failure.
   */
  public static native int execve(byte[] path, byte[][] arguments, byte[][] environment);

  /**
   * waitpid(2) of one process with WNOHANG: 0 while it runs, and then its wait status with bit 32
   * set. A pid that is not positive is {@code -EINVAL}.
   */
  public static native long waitpid(int pid);

  /**
   * clock_gettime(2) with clock_getcpuclockid(3): how many nanoseconds of processor time all
   * threads of a process have taken so far. A pid that is not positive is {@code -EINVAL}.
   */
  public static native long processorNanos(int pid);

  /** pidfd_open(2): a descriptor that polls readable when the process has ended. */
  public static native int pidfdOpen(int pid);

  /**
   * sigaction(2) with SA_RESTART, in place of the virtual machine's own handler: from now on the
   * signal writes to an eventfd(2), which a poll loop finds readable. signalfd(2) would see
   * nothing: the virtual machine unblocks its signals on each of its threads.
   *
   * @param signal 1 to 31
   */
  public static native int watchSignal(int signal, int eventfd);

  /** kill(2) of one process: a pid that is not positive is {@code -EINVAL}. */
  public static native int kill(int pid, int signal);

  // ---- what a confined process must be refused ----

  /**
   * unshare(2), of the calling thread: for finding out whether it is refused, like the next three.
   */
  public static native int unshare(int flags);

  /** clone(2) of a process that ends at once, with SIGCHLD and these flags; 0 when it was made. */
  public static native int cloneOnce(int flags);

  /** clone3(2), as {@link #cloneOnce}. */
  public static native int clone3Once(int flags);

  /** open_tree_attr(2) of the root directory, closed again at once. */
  public static native int openTreeAttr();
}
