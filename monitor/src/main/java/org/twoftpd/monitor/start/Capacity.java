/*
 * Trusted to know whether the settings fit the machine: how many descriptors the kernel allows, how much memory the monitor
 * has, and how much of both is needed.
 */
package org.twoftpd.monitor.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.twoftpd.monitor.loop.BackgroundCloser;
import org.twoftpd.shared.config.LimitSettings;

/**
 * The limit on open files (getrlimit(2), RLIMIT_NOFILE), which no process of ours may raise, and
 * the monitor's heap, at whose end it would end too.
 */
public final class Capacity {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String NAME = "Max open files";

  /** A session costs the monitor three descriptors: its line, its error output and its pidfd. */
  private static final int PER_CLIENT = 3;

  /**
   * A client over TLS costs the gate its connection, that of its data, and three to its session.
   */
  public static final int GATE_PER_TLS_CLIENT = 5;

  /** Listening sockets, jars, questions to credential modules, and what waits to be closed. */
  private static final int OTHERS =
      1024 + BackgroundCloser.MOST_WAITING + BackgroundCloser.MOST_THREADS;

  /**
   * A client costs what it has sent ahead (16 KiB), the ends of two queues (8), a message that
   * grows (16), and objects (8).
   */
  private static final long HEAP_PER_CLIENT = 48 << 10;

  private static final long HEAP_OTHERS = 16 << 20;

  private Capacity() {}

  /**
   * Refuses settings that this process could not keep.
   *
   * @param tls whether clients may talk over TLS
   * @throws IllegalArgumentException naming the setting and what is possible
   * @throws IOException when the limits of this process cannot be read
   */
  public static void check(LimitSettings limits, boolean tls) throws IOException {
    check(limits, tls, hardLimit(Files.readAllLines(LIMITS)), Runtime.getRuntime().maxMemory());
  }

  static void check(LimitSettings limits, boolean tls, long files, long heap) {
    long mostOfGate = tls ? (files - OTHERS) / GATE_PER_TLS_CLIENT : Long.MAX_VALUE;
    check(
        limits,
        Math.min(mostOfGate, (files - OTHERS) / PER_CLIENT - limits.maxSpares()),
        "with a limit of " + files + " open files (ulimit -Hn, LimitNOFILE in a unit)");
    check(
        limits,
        (heap - HEAP_OTHERS) / HEAP_PER_CLIENT,
        "with a heap of " + (heap >> 20) + " MiB (-Xmx of the monitor)");
  }

  private static void check(LimitSettings limits, long most, String why) {
    if (limits.maxClients() > most) {
      throw new IllegalArgumentException(
          "MAX_CLIENTS="
              + limits.maxClients()
              + ": must be at most "
              + Math.max(0, most)
              + " "
              + why);
    }
  }

  /**
   * Finds the hard limit, in the third column. It is the one that counts for children, since a
   * virtual machine raises its own limit to it.
   */
  static long hardLimit(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(NAME)) {
        String[] columns = line.substring(NAME.length()).trim().split("\\s+", -1);
        return columns[1].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(columns[1]);
      }
    }
    return Long.MAX_VALUE;
  }
}
