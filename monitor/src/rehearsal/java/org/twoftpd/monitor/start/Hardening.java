/*
 * Runs when the program is built, never in service, and lies in no package.  It stands in front of the real class while the
 * monitor is rehearsed, since giving up rights takes some and cannot be undone.
 */
package org.twoftpd.monitor.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.twoftpd.monitor.policy.InheritedFilter;

/** What of hardening takes no rights and changes nothing. */
public final class Hardening {
  private Hardening() {}

  public static void apply(boolean log) throws IOException {
    byte[] _ = InheritedFilter.program();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        for (String line : Files.readAllLines(task.resolve("status"))) {
          if (line.startsWith("CapEff:")) {
            long _ = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16);
          }
        }
      }
    }
  }
}
