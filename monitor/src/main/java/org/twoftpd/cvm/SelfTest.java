package org.twoftpd.cvm;

import static org.twoftpd.shared.os.ProcessFlags.PR_SET_DUMPABLE;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Escapes;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;

/**
 * The option --self-test: confines the process as in service, tries what it must not be able to do,
 * and prints a line for each claim. It never runs in service.
 */
final class SelfTest {

  /** A file that everybody may read and write, so that only a filter refuses it. */
  private static final byte[] FILE = "/dev/null".getBytes(StandardCharsets.US_ASCII);

  private boolean allHold = true;

  private SelfTest() {}

  /**
   * Prints what holds.
   *
   * @param identity the user to become, or null to stay the same
   * @return whether everything holds
   */
  static boolean run(Identity identity) {
    SelfTest t = new SelfTest();
    int claims = Escapes.count();
    try {
      if (identity != null) {
        identity.become();
      }
      Identity.harden();
    } catch (IOException | IllegalStateException e) {
      t.claim("is confined: " + e.getMessage(), false);
      return false;
    }
    t.claim("is confined: ids, no_new_privs, filter", true);
    byte[] program = "/proc/self/exe".getBytes(StandardCharsets.US_ASCII);
    t.refused(
        "starts no program", Processes.spawn(program, new byte[][] {program}, new byte[0][], 0, 2));
    t.refused("sends no signal", Processes.kill(Native.getpid(), 0));
    t.refused("does not change its root directory", Native.chroot(FILE));
    t.refused("stays closed to debuggers", Native.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
    t.refused("makes no UNIX socket", Native.socket(AF_UNIX, SOCK_STREAM, 0));
    t.refused("makes no TCP socket", Native.socket(AF_INET, SOCK_STREAM, 0));
    t.claim("reads files", open(FileFlags.O_RDONLY) >= 0);
    t.refused("writes no file", open(FileFlags.O_WRONLY));
    t.refused("makes no file", open(FileFlags.O_RDONLY | FileFlags.O_CREAT));
    for (int i = 0; i < claims; i++) {
      int answer = Escapes.attempt(i);
      t.claim(Escapes.claim(i), Escapes.refused(answer), answer);
    }
    return t.allHold;
  }

  private static int open(int flags) {
    return Native.openat(FileFlags.AT_FDCWD, FILE, flags, 0600);
  }

  private void refused(String what, int answer) {
    claim(what, answer == -Errno.EPERM, answer);
  }

  private void claim(String what, boolean holds, int answer) {
    claim(holds ? what : what + " (the kernel answered " + answer + ")", holds);
  }

  private void claim(String what, boolean holds) {
    allHold &= holds;
    System.out.println("cvm: " + (holds ? "holds: " : "DOES NOT HOLD: ") + what);
  }
}
