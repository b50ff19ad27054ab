/*
 * Trusted to tell a process that somebody has stopped from one that the kernel keeps waiting: by /proc, on a thread of its
 * own.
 */
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

/** What keeps a process from running, proc(5). */
enum ProcessState {
  /** A signal has stopped it, SIGSTOP say. */
  STOPPED,
  /**
   * A thread of it is within a call that waits for a disk, or for a server of files that the kernel
   * itself talks to. A wait for a program behind FUSE can be interrupted and looks like any other:
   * /proc tells where a thread waits (wchan) to those alone who may look into the process, which
   * this service may not.
   */
  WAITS_FOR_DISK,
  /** It runs, or waits for something else; or it is gone. */
  OTHER;

  private static final ExecutorService LOOKING =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("looker").factory());

  /** Has {@code told} called on the loop with the state of that process. */
  static void query(EventLoop loop, int pid, Consumer<ProcessState> told) {
    LOOKING.execute(() -> {
      ProcessState state = of(Path.of("/proc/" + pid + "/task"));
      loop.post(() -> told.accept(state));
    });
  }

  /**
   * That of all threads: one that waits for a disk stays so when the others are stopped.
   *
   * @param tasks the directory with one for each thread
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
      // It has ended, which is noticed otherwise.
    }
    return state;
  }

  /** The field behind the name, which may hold anything, parentheses among it. */
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
