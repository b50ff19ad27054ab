/*
 * Trusted to ask the kernel which ids and rights each thread of this process really has after the step from root.
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

/**
 * Checks all threads of this process by /proc/self/task (proc_pid_task(5)). It opens the directory
 * before the jail closes, since /proc is out of reach afterwards.
 */
final class ThreadCheck {
  private static final byte[] TASKS_PATH = Ascii.encode("/proc/self/task");
  private static final int MAX_STATUS_LENGTH = 8192;
  private static final byte[] STATUS = Ascii.encode("/status");
  private static final byte[] UID = Ascii.encode("Uid:\t");
  private static final byte[] GID = Ascii.encode("Gid:\t");
  private static final byte[] GROUPS = Ascii.encode("Groups:\t");
  private static final int LAST_OF_IDS = 2;
  private static final int[] NO_GROUPS = {};

  /**
   * The lines that the status of every thread must have, in the kernel's order. The first three
   * have no value here: {@link #requireIds} adds the ids.
   */
  private static final byte[][] EXPECTED = {
    UID,
    GID,
    GROUPS,
    Ascii.encode("CapInh:\t0000000000000000\n"),
    Ascii.encode("CapPrm:\t0000000000000000\n"),
    Ascii.encode("CapEff:\t0000000000000000\n"),
    Ascii.encode("CapAmb:\t0000000000000000\n"),
    Ascii.encode("NoNewPrivs:\t1\n"),
    Ascii.encode("Seccomp:\t2\n"),
  };

  private final int tasks;
  private int[] statuses = new int[32];
  private int count;
  private int checked;

  /**
   * The last status that {@link #requireLines(byte[][], byte[], int)} has accepted. The offsets
   * below say where its lines on ids and on rights are.
   */
  private final byte[] model = new byte[MAX_STATUS_LENGTH];

  private int idsAt;
  private int idsLength;
  private int rightsAt;
  private int rightsLength;

  private ThreadCheck(int tasks) {
    this.tasks = tasks;
  }

  /**
   * Opens the directory of threads, which must still be reachable: call this before chroot(2).
   *
   * @throws Confinement.Failed when the directory cannot be opened
   */
  static ThreadCheck open() throws Confinement.Failed {
    int fd =
        Native.openat(
            FileFlags.AT_FDCWD, TASKS_PATH, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    if (fd < 0) {
      throw new Confinement.Failed("cannot open /proc/self/task", fd);
    }
    return new ThreadCheck(fd);
  }

  /**
   * Checks the ids of a spare, which are root's, while no client waits. The real check takes half
   * as long afterwards, since the kernel and the virtual machine have done the same work before.
   *
   * @return false when the check fails, for example because the process has supplementary groups
   */
  boolean rehearse() {
    try {
      openStatuses();
      requireLines(
          new byte[][] {
            joinLine(UID, repeatId(0)),
            joinLine(GID, repeatId(0)),
            joinLine(GROUPS, listGroups(NO_GROUPS)),
            EXPECTED[3]
          });
      return true;
    } catch (Confinement.Failed e) {
      while (checked < count) {
        Native.close(statuses[checked++]);
      }
      return false;
    }
  }

  /**
   * Opens the status of every thread and closes the directory of threads.
   *
   * @throws Confinement.Failed when the directory or a status cannot be read
   */
  void openStatuses() throws Confinement.Failed {
    Dirents entries = new Dirents(tasks, new byte[16384]);
    try {
      while (entries.next()) {
        if (!entries.isHereOrParent()) {
          openStatus(entries.name());
        }
      }
    } catch (SystemCallException e) {
      throw new Confinement.Failed("cannot list the threads", -e.errno());
    } finally {
      Native.close(tasks);
    }
  }

  private void openStatus(byte[] thread) throws Confinement.Failed {
    byte[] name = Arrays.copyOf(thread, thread.length + STATUS.length);
    System.arraycopy(STATUS, 0, name, thread.length, STATUS.length);
    int fd = Native.openat(tasks, name, FileFlags.O_RDONLY, 0);
    if (fd == -Errno.ENOENT || fd == -ESRCH) {
      // A compiler thread may have ended since the directory was read.
      return;
    }
    if (fd < 0) {
      throw new Confinement.Failed("cannot open the status of a thread", fd);
    }
    if (count == statuses.length) {
      statuses = Arrays.copyOf(statuses, 2 * count);
    }
    statuses[count++] = fd;
  }

  /**
   * Checks that every thread that was listed has these ids, no capability and no way to gain one.
   * The client waits for this, in a virtual machine that has compiled nothing yet. So only the
   * first status is read line by line; the others are compared with it byte by byte.
   *
   * @throws Confinement.Failed naming the line that a thread's status lacks
   */
  void requireIds(int uid, int gid, int[] groups) throws Confinement.Failed {
    byte[][] expected = EXPECTED.clone();
    expected[0] = joinLine(UID, repeatId(uid));
    expected[1] = joinLine(GID, repeatId(gid));
    expected[LAST_OF_IDS] = joinLine(GROUPS, listGroups(groups));
    requireLines(expected);
  }

  /**
   * Checks that the status of every thread that was listed has all these lines.
   *
   * @throws Confinement.Failed naming the line that a thread's status lacks
   */
  void requireLines(byte[][] expected) throws Confinement.Failed {
    byte[] text = new byte[MAX_STATUS_LENGTH];
    int seen = 0;
    while (checked < count) {
      seen += checkThread(statuses[checked++], expected, text) ? 1 : 0;
    }
    if (seen == 0) {
      throw new Confinement.Failed("no thread could be checked");
    }
  }

  /** Checks one thread. Returns false when the thread has ended. */
  private boolean checkThread(int fd, byte[][] expected, byte[] text) throws Confinement.Failed {
    // The kernel gives the whole status in one read. If it were cut short, lines would be missing
    // and the check would fail.
    int n = Native.read(fd, text, 0, text.length);
    Native.close(fd);
    if (n == -ESRCH) {
      return false;
    }
    if (!matchesModel(text, n)) {
      requireLines(expected, text, n);
    }
    return true;
  }

  /**
   * Returns true when this status has the same lines on ids and rights as {@link #model}, at the
   * same distance from each other. The threads of one process nearly always have.
   */
  private boolean matchesModel(byte[] text, int n) {
    int ids = 0;
    while (ids < n && !startsWith(text, ids, n, UID)) {
      ids = nextLine(text, ids, n);
    }
    int rights = ids + rightsAt - idsAt;
    return idsLength > 0
        && rights + rightsLength <= n
        && hasSameBytes(text, ids, model, idsAt, idsLength)
        && hasSameBytes(text, rights, model, rightsAt, rightsLength);
  }

  private void requireLines(byte[][] expected, byte[] text, int n) throws Confinement.Failed {
    int found = 0;
    for (int at = 0; at < n && found < expected.length; at = nextLine(text, at, n)) {
      // The expected lines are in the kernel's order, so each line is compared with the next of
      // them.
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
          "the status of a thread lacks: "
              + Ascii.decode(expected[found], 0, expected[found].length).trim());
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
    return at + line.length <= end && hasSameBytes(text, at, line, 0, line.length);
  }

  /**
   * Compares bytes in a loop of its own, since the library's comparison takes several times as long
   * until the virtual machine has compiled it.
   */
  private static boolean hasSameBytes(byte[] a, int at, byte[] b, int from, int length) {
    int i = 0;
    while (i < length && a[at + i] == b[from + i]) {
      i++;
    }
    return i == length;
  }

  /** Joins a name and a value to a line. The LF keeps a longer number from matching. */
  private static byte[] joinLine(byte[] name, byte[] value) {
    byte[] line = Arrays.copyOf(name, name.length + value.length + 1);
    System.arraycopy(value, 0, line, name.length, value.length);
    line[line.length - 1] = '\n';
    return line;
  }

  /** Writes an id four times, as the real, the effective, the saved and the file system id. */
  private static byte[] repeatId(int id) {
    byte[] once = Ascii.encode(Integer.toUnsignedString(id));
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
   * Writes groups as the kernel does: sorted, each followed by a space. Without groups the kernel
   * writes a single space.
   */
  private static byte[] listGroups(int[] groups) {
    if (groups.length == 0) {
      return new byte[] {' '};
    }
    // This sorts by insertion, since the library's sorting would load a class, and the virtual
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
    return Ascii.encode(all.toString());
  }
}
