/*
 * Trusted to see what the kernel thinks of each thread of this process, rather than what we believe we told it.
 */
package org.twoftpd.session.confine;

import static org.twoftpd.shared.os.Errno.ESRCH;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Reads /proc/self/task (proc(5)) through a descriptor from before the jail. */
final class ThreadCheck {
  private static final byte[] TASKS = Ascii.bytes("/proc/self/task");
  private static final int STATUS_MAX = 8192;
  private static final byte[] STATUS = Ascii.bytes("/status");
  private static final byte[] UID = Ascii.bytes("Uid:\t");
  private static final byte[] GID = Ascii.bytes("Gid:\t");
  private static final byte[] GROUPS = Ascii.bytes("Groups:\t");
  private static final int LAST_OF_IDS = 2;
  private static final int[] NONE = {};

  /** What is asked of every thread, in the kernel's order; the ids are put in when known. */
  private static final byte[][] EXPECTED = {
    UID,
    GID,
    GROUPS,
    Ascii.bytes("CapInh:\t0000000000000000\n"),
    Ascii.bytes("CapPrm:\t0000000000000000\n"),
    Ascii.bytes("CapEff:\t0000000000000000\n"),
    Ascii.bytes("CapAmb:\t0000000000000000\n"),
    Ascii.bytes("NoNewPrivs:\t1\n"),
    Ascii.bytes("Seccomp:\t2\n"),
  };

  private final int tasks;
  private int[] statuses = new int[32];
  private int count;
  private int checked;

  /** The text that was gone through line by line, and where in it the lines are that matter. */
  private final byte[] model = new byte[STATUS_MAX];

  private int idsAt;
  private int idsLength;
  private int rightsAt;
  private int rightsLength;

  private ThreadCheck(int tasks) {
    this.tasks = tasks;
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

  /**
   * Goes the way of {@link #check} while nobody waits, with what is true of a spare, so that the
   * kernel and the virtual machine have been there before: the check takes half as long then.
   *
   * @return false when it is not true, of the groups that it has for example
   */
  boolean rehearse() {
    try {
      list();
      check(
          new byte[][] {
            line(UID, four(0)), line(GID, four(0)), line(GROUPS, list(NONE)), EXPECTED[3]
          });
      return true;
    } catch (Confinement.Failed e) {
      while (checked < count) {
        Native.close(statuses[checked++]);
      }
      return false;
    }
  }

  /** Opens the status of every thread that there is, then forgets /proc. */
  void list() throws Confinement.Failed {
    Dirents entries = new Dirents(tasks, new byte[16384]);
    try {
      while (entries.next()) {
        if (!entries.isHereOrParent()) {
          openOne(entries.name());
        }
      }
    } catch (SystemCallException e) {
      throw new Confinement.Failed("the list of threads", -e.errno());
    } finally {
      Native.close(tasks);
    }
  }

  private void openOne(byte[] thread) throws Confinement.Failed {
    byte[] name = Arrays.copyOf(thread, thread.length + STATUS.length);
    System.arraycopy(STATUS, 0, name, thread.length, STATUS.length);
    int fd = Native.openat(tasks, name, FileFlags.O_RDONLY, 0);
    if (fd == -Errno.ENOENT || fd == -ESRCH) {
      // A compiler thread may have ended since the directory was read.
      return;
    }
    if (fd < 0) {
      throw new Confinement.Failed("the status of a thread", fd);
    }
    if (count == statuses.length) {
      statuses = Arrays.copyOf(statuses, 2 * count);
    }
    statuses[count++] = fd;
  }

  /**
   * Fails unless every thread that was listed has these ids, no capability and no way to a new one.
   * A client waits meanwhile, in a virtual machine that has compiled nothing yet, so one text is
   * gone through line by line, as bytes, and the others are held against it.
   */
  void check(int uid, int gid, int[] groups) throws Confinement.Failed {
    byte[][] expected = EXPECTED.clone();
    expected[0] = line(UID, four(uid));
    expected[1] = line(GID, four(gid));
    expected[LAST_OF_IDS] = line(GROUPS, list(groups));
    check(expected);
  }

  /** Fails unless the threads that were listed have all of these lines. */
  void check(byte[][] expected) throws Confinement.Failed {
    byte[] text = new byte[STATUS_MAX];
    int seen = 0;
    while (checked < count) {
      seen += checkOne(statuses[checked++], expected, text) ? 1 : 0;
    }
    if (seen == 0) {
      throw new Confinement.Failed("no thread could be checked");
    }
  }

  /** False when the thread is gone. */
  private boolean checkOne(int fd, byte[][] expected, byte[] text) throws Confinement.Failed {
    // The kernel gives the whole of it at once; were it cut short, lines would be missing.
    int n = Native.read(fd, text, 0, text.length);
    Native.close(fd);
    if (n == -ESRCH) {
      return false;
    }
    if (!saysTheSame(text, n)) {
      scan(expected, text, n);
    }
    return true;
  }

  /**
   * True when this thread's text says the same as the last one that was gone through line by line,
   * at the same distances, as it does for the threads of one process as a rule.
   */
  private boolean saysTheSame(byte[] text, int n) {
    int ids = 0;
    while (ids < n && !startsWith(text, ids, n, UID)) {
      ids = nextLine(text, ids, n);
    }
    int rights = ids + rightsAt - idsAt;
    return idsLength > 0
        && rights + rightsLength <= n
        && same(text, ids, model, idsAt, idsLength)
        && same(text, rights, model, rightsAt, rightsLength);
  }

  private void scan(byte[][] expected, byte[] text, int n) throws Confinement.Failed {
    int found = 0;
    for (int at = 0; at < n && found < expected.length; at = nextLine(text, at, n)) {
      // The kernel's order, so each line need only be held against the next one that is wanted.
      if (startsWith(text, at, n, expected[found])) {
        int end = at + expected[found].length;
        if (found == 0) {
          idsAt = at;
        } else if (found == LAST_OF_IDS) {
          idsLength = end - idsAt;
        } else if (found == LAST_OF_IDS + 1) {
          rightsAt = at;
        }
        rightsLength = end - rightsAt;
        found++;
      }
    }
    if (found < expected.length) {
      throw new Confinement.Failed(
          "a thread has not: " + Ascii.text(expected[found], 0, expected[found].length).trim());
    }
    System.arraycopy(text, 0, model, 0, n);
  }

  private static int nextLine(byte[] text, int from, int n) {
    int at = from;
    while (at < n && text[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  private static boolean startsWith(byte[] text, int at, int end, byte[] line) {
    return at + line.length <= end && same(text, at, line, 0, line.length);
  }

  /** A loop of ours: the library's comparison takes several times as long until it is compiled. */
  private static boolean same(byte[] a, int at, byte[] b, int from, int length) {
    int i = 0;
    while (i < length && a[at + i] == b[from + i]) {
      i++;
    }
    return i == length;
  }

  /** A line, with its LF so that a longer number is not taken for it. */
  private static byte[] line(byte[] name, byte[] value) {
    byte[] line = Arrays.copyOf(name, name.length + value.length + 1);
    System.arraycopy(value, 0, line, name.length, value.length);
    line[line.length - 1] = '\n';
    return line;
  }

  /** The real, the effective, the saved one and that for files. */
  private static byte[] four(int id) {
    byte[] once = Ascii.bytes(Integer.toUnsignedString(id));
    byte[] all = new byte[4 * once.length + 3];
    for (int i = 0; i < 4; i++) {
      System.arraycopy(once, 0, all, i * (once.length + 1), once.length);
      if (i > 0) {
        all[i * (once.length + 1) - 1] = '\t';
      }
    }
    return all;
  }

  /**
   * As the kernel lists groups: sorted, each with a space behind it; a space alone when there are
   * none.
   */
  private static byte[] list(int[] groups) {
    if (groups.length == 0) {
      return new byte[] {' '};
    }
    // By hand, since the library's sorting is a class that would have to be loaded, and the virtual
    // machine can read no file any more. Accounts have few groups.
    int[] sorted = groups.clone();
    for (int i = 1; i < sorted.length; i++) {
      int g = sorted[i];
      int at = i;
      while (at > 0 && Integer.compareUnsigned(sorted[at - 1], g) > 0) {
        sorted[at] = sorted[at - 1];
        at--;
      }
      sorted[at] = g;
    }
    StringBuilder all = new StringBuilder();
    for (int g : sorted) {
      all.append(Integer.toUnsignedString(g)).append(' ');
    }
    return Ascii.bytes(all.toString());
  }
}
