/*
 * Trusted with root, in order to give it away: who this process is going to be, and the proof that it is nobody else any
 * more.
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
 * An unprivileged uid and gid.
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

  /** Takes its rights for what follows, files for instance, without giving up root. */
  void putOn() throws SystemCallException {
    SystemCallException.check(Native.setgroups(new int[0]));
    SystemCallException.check(Native.setresgid(KEEP, gid, KEEP));
    SystemCallException.check(Native.setresuid(KEEP, uid, KEEP));
  }

  /** Back to root after {@link #putOn}. */
  static void takeOff() throws SystemCallException {
    SystemCallException.check(Native.setresuid(KEEP, 0, KEEP));
    SystemCallException.check(Native.setresgid(KEEP, 0, KEEP));
  }

  /** Becomes it for good, on every thread, and tries to get back. */
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

  /** No memory for others to look at, and no way up through programs; for root or not. */
  static void harden() throws SystemCallException {
    SystemCallException.check(Native.setrlimit(RLIMIT_CORE, 0));
    SystemCallException.check(Native.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // A filter reaches every thread, and no_new_privs comes along with it.
    KernelFilter.install();
  }
}
