package org.twoftpd.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.twoftpd.monitor.loop.EventLoop;

/**
 * What keeps a process from running, by /proc (proc(5)): it tells a process that somebody has
 * stopped from one that the kernel keeps waiting.
 */
enum ProcessState {
  /** A signal has stopped it, SIGSTOP say. */
  STOPPED,
  /**
   * One of its threads is within a call that waits for a disk, or for a file server that the kernel
   * itself talks to. A wait for a program behind FUSE can be interrupted and looks like any other
   * wait: /proc tells where a thread waits (wchan) only to those who may look into the process,
   * which this service may not.
   */
  WAITS_FOR_DISK,
  /** It runs, or waits for something else; or it is gone. */
  OTHER;

  private static final ExecutorService LOOKING =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("looker").factory());

  /**
   * Has {@code told} called on the loop with the state of that process. A thread of its own looks
   * at /proc, since reading it may wait.
   */
  static void query(EventLoop loop, int pid, Consumer<ProcessState> told) {
    LOOKING.execute(() -> {
      ProcessState state = of(Path.of("/proc/" + pid + "/task"));
      loop.post(() -> told.accept(state));
    });
  }

  /**
   * Finds the state of a process by that of its threads. A thread that waits for a disk decides,
   * since it does so also when the others are stopped.
   *
   * @param tasks the directory that has a directory for each thread
   */
  static ProcessState of(Path tasks) {
    ProcessState state = OTHER;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        switch (letter(task.resolve("stat"))) {
          case 'D' -> {
            return WAITS_FOR_DISK;
          }
          case 'T' -> state = STOPPED;
          default -> {}
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // The process has ended, which its pidfd tells.
    }
    return state;
  }

  /** Reads the field behind the name; the name may hold anything, parentheses among it. */
  private static char letter(Path stat) {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      int end = text.lastIndexOf(')');
      return end >= 0 && end + 2 < text.length() ? text.charAt(end + 2) : ' ';
    } catch (IOException _) {
      return ' ';
    }
  }
}
