/*
 * What the threads of a process do, as the kernel tells it.
 */
package org.twoftpd.test.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The threads of a process, see proc_pid_task(5). */
public final class ProcessThreads {
  private ProcessThreads() {}

  /**
   * True when a file of a thread of the process matches.
   *
   * @param file such as "syscall", see proc_pid_syscall(5)
   */
  public static boolean anyMatches(long pid, String file, String regex) {
    try {
      return read(pid, file).stream().anyMatch(text -> text.matches(regex));
    } catch (IOException e) {
      // The process or one of its threads has just ended.
      return false;
    }
  }

  /**
   * True when each thread of the process is in one of these states.
   *
   * @param states letters of proc_pid_stat(5), as a class of a regular expression has them
   * @throws IOException when the process or one of its threads has just ended
   */
  public static boolean allAre(long pid, String states) throws IOException {
    String regex = "(?s).*\\) [" + states + "] .*";
    return read(pid, "stat").stream().allMatch(text -> text.matches(regex));
  }

  private static List<String> read(long pid, String file) throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        all.add(Files.readString(thread.resolve(file)));
      }
    }
    return all;
  }
}
