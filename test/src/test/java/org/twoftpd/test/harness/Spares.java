/*
 * Whether sessions' processes that have no login yet are ready for one.
 */
package org.twoftpd.test.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Spares as they are seen from outside. */
public final class Spares {
  private Spares() {}

  /**
   * True when the process polls one descriptor for ever, as a spare does that waits for the login
   * that it will serve. See proc_pid_syscall(5).
   */
  public static boolean isReady(long pid) {
    // It is poll on x86_64, and ppoll without a time on aarch64.
    return ProcessThreads.anyMatches(
        pid, "syscall", "(?s)(7 0x\\w+ 0x1 0xffffffff|73 0x\\w+ 0x1 0x0) .*");
  }

  /**
   * Kills every session's process, and waits until the monitor has noticed: before that it may give
   * one of them a login.
   */
  public static void killAll(Chain chain) throws IOException {
    List<Long> all = chain.children("session");
    for (long pid : all) {
      Chain.signal("KILL", pid);
    }
    Chain.eventually(
        "the killed ones are buried",
        () -> all.stream().noneMatch(pid -> Files.exists(Path.of("/proc/" + pid))));
  }
}
