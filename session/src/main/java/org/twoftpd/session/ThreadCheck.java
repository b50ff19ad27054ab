/*
 * Trusted to see what the kernel thinks of each thread of this process, rather than what we believe we told it.
 */
package org.twoftpd.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;

/** Reads /proc/self/task (proc(5)) through a descriptor from before the jail. */
final class ThreadCheck {
  private static final byte[] TASKS = ascii("/proc/self/task");
  private static final int STATUS_MAX = 8192;
  private static final int NAME_AT = 19;
  private static final int ESRCH = 3;
  private static final byte[] STATUS = ascii("/status");
  private static final String NO_CAPABILITY = "0000000000000000";

  private final int tasks;
  private final int[] distances = new int[9];

  private ThreadCheck(int tasks) {
    this.tasks = tasks;
  }

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** To be called while /proc can be seen. */
  static ThreadCheck open() throws Confinement.Failed {
    int fd =
        Native.openat(FileFlags.AT_FDCWD, TASKS, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    if (fd < 0) {
      throw new Confinement.Failed("/proc/self/task", fd);
    }
    return new ThreadCheck(fd);
  }

  /** Goes the way of {@link #check} where that has nothing to hold against. */
  void rehearse() {
    try {
      check(1, 1, new int[0]);
    } catch (Confinement.Failed e) {
      // As it must, since this is not a session.
    }
  }

  /**
   * Fails unless every thread has these ids, no capability and no way to a new one; then forgets
   * /proc. A client waits meanwhile, in a virtual machine that has compiled nothing yet, so the
   * text is gone through once and as bytes.
   */
  void check(int uid, int gid, int[] groups) throws Confinement.Failed {
    byte[][] expected = {
      line("Uid:", four(uid)),
      line("Gid:", four(gid)),
      line("Groups:", list(groups)),
      line("CapInh:", NO_CAPABILITY),
      line("CapPrm:", NO_CAPABILITY),
      line("CapEff:", NO_CAPABILITY),
      line("CapAmb:", NO_CAPABILITY),
      line("NoNewPrivs:", "1"),
      line("Seccomp:", "2"),
    };
    byte[] entries = new byte[16384];
    byte[] text = new byte[STATUS_MAX];
    int seen = 0;
    int n;
    while ((n = Native.getdents64(tasks, entries)) > 0) {
      for (int at = 0; at < n; at += entries[at + 16] & 0xff | (entries[at + 17] & 0xff) << 8) {
        if (entries[at + NAME_AT] != '.') {
          seen += checkOne(entries, at + NAME_AT, expected, text) ? 1 : 0;
        }
      }
    }
    Native.close(tasks);
    if (seen == 0) {
      throw new Confinement.Failed("no thread could be checked");
    }
  }

  /** False when the thread is gone. */
  private boolean checkOne(byte[] entries, int from, byte[][] expected, byte[] text)
      throws Confinement.Failed {
    int end = from;
    while (entries[end] != 0) {
      end++;
    }
    byte[] name = Arrays.copyOf(Arrays.copyOfRange(entries, from, end), end - from + STATUS.length);
    System.arraycopy(STATUS, 0, name, end - from, STATUS.length);
    int fd = Native.openat(tasks, name, FileFlags.O_RDONLY, 0);
    if (fd == -Errno.ENOENT || fd == -ESRCH) {
      // A compiler thread may have ended since the directory was read.
      return false;
    }
    if (fd < 0) {
      throw new Confinement.Failed("the status of a thread", fd);
    }
    int n = 0;
    int got = 0;
    while (n < text.length && (got = Native.read(fd, text, n, text.length - n)) > 0) {
      n += got;
    }
    Native.close(fd);
    if (got == -ESRCH) {
      return false;
    }
    if (!looksLikeTheLast(expected, text, n)) {
      scan(expected, text, n);
    }
    return true;
  }

  /**
   * The lines stand at the same distances in all threads of a process, as a rule; where they do
   * not, every line is looked at. Either way each expected line must have been seen in this
   * thread's own text.
   */
  private boolean looksLikeTheLast(byte[][] expected, byte[] text, int n) {
    int first = 0;
    while (first < n && !startsWith(text, first, n, expected[0])) {
      first = nextLine(text, first, n);
    }
    for (int i = 0; i < expected.length; i++) {
      int at = first + distances[i];
      if (i > 0 && distances[i] == 0 || at >= n || !startsWith(text, at, n, expected[i])) {
        return false;
      }
    }
    return true;
  }

  private void scan(byte[][] expected, byte[] text, int n) throws Confinement.Failed {
    int found = 0;
    int first = 0;
    for (int at = 0; at < n && found < expected.length; at = nextLine(text, at, n)) {
      // The kernel's order, so each line need only be held against the next one that is wanted.
      if (startsWith(text, at, n, expected[found])) {
        first = found == 0 ? at : first;
        distances[found++] = at - first;
      }
    }
    if (found < expected.length) {
      throw new Confinement.Failed(
          "a thread has not: " + new String(expected[found], StandardCharsets.ISO_8859_1).trim());
    }
  }

  private static int nextLine(byte[] text, int from, int n) {
    int at = from;
    while (at < n && text[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  private static boolean startsWith(byte[] text, int at, int end, byte[] line) {
    return text[at] == line[0]
        && at + line.length <= end
        && Arrays.equals(text, at, at + line.length, line, 0, line.length);
  }

  private static byte[] line(String name, String value) {
    return ascii(name + "\t" + value + "\n");
  }

  private static String four(int id) {
    String s = Integer.toUnsignedString(id);
    return s + "\t" + s + "\t" + s + "\t" + s;
  }

  /**
   * As the kernel lists groups: sorted, each with a space behind it; a space alone when there are
   * none.
   */
  private static String list(int[] groups) {
    long[] sorted = new long[groups.length];
    for (int i = 0; i < groups.length; i++) {
      sorted[i] = Integer.toUnsignedLong(groups[i]);
    }
    Arrays.sort(sorted);
    StringBuilder all = new StringBuilder();
    for (long g : sorted) {
      all.append(g).append(' ');
    }
    return all.isEmpty() ? " " : all.toString();
  }
}
