/*
 * Trusted to start programs where a wait hurts nobody: posix_spawn(3) comes back when the program has been read, and its
 * disk decides when that is.
 */
package org.twoftpd.monitor.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * One thread for all starts. While it waits for the disk no other program could be read either, and
 * no more starts wait for it than those whose owners wait for them.
 */
final class Spawner {
  private static final ExecutorService STARTING =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("starter").factory());

  /** Whoever wants the process. Called on the loop's thread. */
  interface Started {
    /** A pid and its descriptor, pidfd_open(2); a negative errno where there is none. */
    void started(int pid, int pidfd);
  }

  private Spawner() {}

  /**
   * Starts a program with these as its descriptors 0 and 2, and closes them.
   *
   * @param command what to start
   * @param pidfdOpen gives the descriptor of the process
   */
  static void start(
      EventLoop loop,
      Supplier<ChildCommands.Command> command,
      byte[][] environment,
      int in,
      int err,
      IntUnaryOperator pidfdOpen,
      Started told) {
    STARTING.execute(() -> {
      int pid;
      try {
        ChildCommands.Command c = command.get();
        pid = Native.spawn(c.path(), c.arguments(), environment, in, err);
      } catch (RuntimeException _) {
        pid = -Errno.EINVAL;
      }
      Native.close(in);
      Native.close(err);
      int started = pid;
      int pidfd = pid < 0 ? pid : pidfdOpen.applyAsInt(pid);
      loop.post(() -> told.started(started, pidfd));
    });
  }
}
