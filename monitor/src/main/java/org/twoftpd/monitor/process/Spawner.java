/*
 * Trusted to start programs as root.
 */
package org.twoftpd.monitor.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;

/**
 * Starts programs on one thread of its own, where a wait hurts nobody: posix_spawn(3) comes back
 * when the program has been read, and its disk decides when that is. One thread is enough, since
 * while it waits for the disk no other program could be read either.
 */
final class Spawner {
  private static final ExecutorService STARTING =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("starter").factory());

  /** Whoever wants the process. */
  interface Started {
    /** Takes a pid and its descriptor; either is a negative errno when there is none. */
    void started(int pid, int pidfd);
  }

  private Spawner() {}

  /**
   * Has a program started.
   *
   * @param command is asked on that thread, since it looks at files
   * @param in becomes the program's descriptor 0, and is closed here
   * @param err becomes the program's descriptor 2, and is closed here
   * @param pidfdOpen gives the descriptor of a process, as pidfd_open(2) does
   * @param told is called on the loop
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
        pid = Processes.spawn(c.path(), c.arguments(), environment, in, err);
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
