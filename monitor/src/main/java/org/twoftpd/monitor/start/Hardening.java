/*
 * Trusted with root's rights: it throws away all that the service does not need, at once and for good.  Every process that
 * the monitor starts inherits what is left.
 */
package org.twoftpd.monitor.start;

import static org.twoftpd.shared.os.ProcessFlags.CAP_KILL;
import static org.twoftpd.shared.os.ProcessFlags.CAP_NET_BIND_SERVICE;
import static org.twoftpd.shared.os.ProcessFlags.CAP_SETGID;
import static org.twoftpd.shared.os.ProcessFlags.CAP_SETUID;
import static org.twoftpd.shared.os.ProcessFlags.CAP_SYS_CHROOT;
import static org.twoftpd.shared.os.ProcessFlags.PR_CAPBSET_DROP;
import static org.twoftpd.shared.os.ProcessFlags.PR_CAPBSET_READ;
import static org.twoftpd.shared.os.ProcessFlags.PR_SET_DUMPABLE;
import static org.twoftpd.shared.os.ProcessFlags.PR_SET_THP_DISABLE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_CORE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.twoftpd.monitor.policy.InheritedFilter;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Limits the monitor to what it needs: five capabilities (capabilities(7)), no groups,
 * no_new_privs, a kernel filter, and memory that no other process may look at.
 */
public final class Hardening {
  private static final long NEEDED =
      1L << CAP_KILL
          | 1L << CAP_SETGID
          | 1L << CAP_SETUID
          | 1L << CAP_NET_BIND_SERVICE
          | 1L << CAP_SYS_CHROOT;

  private static final int CAPABILITIES = 64;
  private static final Path TASKS = Path.of("/proc/self/task");

  private Hardening() {}

  /**
   * Limits this process. Capabilities belong to threads, and the virtual machine has several
   * threads already: a process that has more capabilities than it needs narrows its bounding set
   * and starts the program anew in its own place, so that this method does not return.
   *
   * @param log whether the kernel writes each call that the filter refuses into its own log, for
   *     this process and for those that it starts
   * @throws IOException saying what could not be given up
   */
  public static void apply(boolean log) throws IOException {
    disableHugePages();
    if (narrowBoundingSet()) {
      execAgain();
    }
    giveUpRights(log);
    String fault = findFault("CapBnd", "CapPrm", "CapEff", "CapAmb");
    if (fault != null) {
      throw new IOException(fault);
    }
  }

  /**
   * Gives up huge pages, for this process and all that it starts. A distribution's kernel may give
   * them to everybody, and each session would have some MB of memory that it never uses. Failing
   * makes nothing less safe.
   */
  private static void disableHugePages() {
    int _ = Native.prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  }

  private static void giveUpRights(boolean log) throws IOException {
    // A session that inherits no groups need not give them up, which would stop each of its
    // threads.
    int given = Native.setgroups(new int[0]);
    if (given < 0) {
      throw new IOException("cannot give up its groups: " + Errno.message(-given));
    }
    SystemCallException.check(Native.setrlimit(RLIMIT_CORE, 0));
    SystemCallException.check(Native.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // The filter reaches every thread, and sets no_new_privs on each.
    SystemCallException.check(Native.seccomp(InheritedFilter.program(), log));
  }

  /**
   * Limits this process as far as that is possible without starting the program anew.
   *
   * @return what does not hold then, or null
   */
  public static String applyInPlace() throws IOException {
    boolean _ = narrowBoundingSet();
    giveUpRights(false);
    for (int c = 0; c < CAPABILITIES; c++) {
      if ((NEEDED >> c & 1) == 0 && Native.prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1) {
        return "capability " + c + " stays in the bounding set";
      }
    }
    return findFault();
  }

  /**
   * Takes from the bounding set what is not needed.
   *
   * @return whether there was something to take
   */
  private static boolean narrowBoundingSet() throws SystemCallException {
    boolean some = false;
    for (int c = 0; c < CAPABILITIES; c++) {
      if ((NEEDED >> c & 1) == 0 && Native.prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1) {
        SystemCallException.check(Native.prctl(PR_CAPBSET_DROP, c, 0, 0, 0));
        some = true;
      }
    }
    return some;
  }

  private static void execAgain() throws IOException {
    byte[][] arguments = readStrings("/proc/self/cmdline");
    byte[][] environment = readStrings("/proc/self/environ");
    byte[] program =
        Files.readSymbolicLink(Path.of("/proc/self/exe"))
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    throw new SystemCallException(-Processes.execve(program, arguments, environment));
  }

  /** Reads a file of strings that each end in NUL, byte by byte as they are. */
  private static byte[][] readStrings(String file) throws IOException {
    String all = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    String[] parts = all.split("\0", -1);
    byte[][] strings = new byte[parts.length - 1][];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = parts[i].getBytes(StandardCharsets.ISO_8859_1);
    }
    return strings;
  }

  /**
   * Looks at every thread of this process.
   *
   * @param sets the sets of capabilities in /proc/PID/status that must hold no more than is needed
   * @return the first thing that is not as it must be, or null
   */
  private static String findFault(String... sets) {
    try (var tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String fault = findFault(Files.readAllLines(task.resolve("status")), sets);
        if (fault != null) {
          return "thread " + task.getFileName() + " " + fault;
        }
      }
      return null;
    } catch (IOException e) {
      return "/proc/self/task: " + e.getMessage();
    }
  }

  private static String findFault(List<String> status, String... sets) {
    for (String line : status) {
      if (List.of(sets).contains(line.substring(0, Math.max(0, line.indexOf(':'))))) {
        long set = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16);
        if ((set & ~NEEDED) != 0) {
          return "has capabilities beyond those needed: " + line;
        }
      }
    }
    return status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2")
        ? null
        : "lacks no_new_privs or the kernel filter";
  }
}
