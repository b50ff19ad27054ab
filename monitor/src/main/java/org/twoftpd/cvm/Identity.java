/*
 * Trusted with root in order to give it up, and with the proof that the process cannot get it back.
 */
package org.twoftpd.cvm;

import static org.twoftpd.shared.os.ProcessFlags.PR_SET_DUMPABLE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_CORE;

import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The user that twoftpd-cvm runs as.
 *
 * @param uid 1 to 2147483647
 * @param gid 1 to 2147483647
 */
record Identity(int uid, int gid) {
  private static final int KEEP = -1;

  /**
   * Reads {@code NAME} or {@code UID:GID}; the latter needs no entry in passwd(5).
   *
   * @throws IllegalArgumentException saying what is wrong and what is allowed
   */
  static Identity parse(String text) {
    if (text.matches("[0-9]+:[0-9]+")) {
      String[] ids = text.split(":", -1);
      return new Identity(id(text, ids[0]), id(text, ids[1]));
    }
    Passwd entry = text.isEmpty() ? null : POSIXFactory.getNativePOSIX().getpwnam(text);
    if (entry == null) {
      throw wrong(text);
    }
    return new Identity(
        id(text, Long.toString(entry.getUID())), id(text, Long.toString(entry.getGID())));
  }

  private static int id(String text, String number) {
    if (!number.matches("[1-9][0-9]{0,9}") || Long.parseLong(number) > Integer.MAX_VALUE) {
      throw wrong(text);
    }
    return Integer.parseInt(number);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "--user \""
            + text
            + "\": allowed are the name of an account other than root, or UID:GID with numbers from"
            + " 1 to 2147483647");
  }

  /**
   * Takes the user's rights without giving up root, to read files as the user would, until {@link
   * #resumeRoot}.
   */
  void assumeRights() throws SystemCallException {
    SystemCallException.check(Native.setgroups(new int[0]));
    SystemCallException.check(Native.setresgid(KEEP, gid, KEEP));
    SystemCallException.check(Native.setresuid(KEEP, uid, KEEP));
  }

  /** Takes root's rights again after {@link #assumeRights}. */
  static void resumeRoot() throws SystemCallException {
    SystemCallException.check(Native.setresuid(KEEP, 0, KEEP));
    SystemCallException.check(Native.setresgid(KEEP, 0, KEEP));
  }

  /**
   * Becomes the user for good, on every thread, and tries to get back.
   *
   * @throws IllegalStateException when the process could become root again
   */
  void become() throws SystemCallException {
    SystemCallException.check(Native.setgroups(new int[0]));
    SystemCallException.check(Native.setresgid(gid, gid, gid));
    SystemCallException.check(Native.setresuid(uid, uid, uid));
    if (Native.setresuid(0, 0, 0) != -Errno.EPERM
        || Native.setresuid(KEEP, 0, KEEP) != -Errno.EPERM
        || Native.setresgid(0, 0, 0) != -Errno.EPERM
        || Native.setgroups(new int[] {0}) != -Errno.EPERM
        || Native.geteuid() != uid) {
      throw new IllegalStateException("privileges could be regained");
    }
  }

  /**
   * Closes the memory of the process to others and limits its system calls. Does so whoever started
   * the process.
   */
  static void harden() throws SystemCallException {
    SystemCallException.check(Native.setrlimit(RLIMIT_CORE, 0));
    SystemCallException.check(Native.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // The filter reaches every thread, and sets no_new_privs too.
    KernelFilter.install();
  }
}
