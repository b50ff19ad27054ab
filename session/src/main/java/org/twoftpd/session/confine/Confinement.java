/*
 * Trusted with the step from root to a user, or to nobody: after it, nothing of root is left on any thread, or the
 * process ends.
 */
package org.twoftpd.session.confine;

import static org.twoftpd.shared.os.ProcessFlags.PR_SET_DUMPABLE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_CORE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_FSIZE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_NOFILE;
import static org.twoftpd.shared.os.ProcessFlags.RLIMIT_NPROC;

import org.twoftpd.shared.config.RootKind;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.SessionMessage;

/** The one-way door. The order of the steps matters; each says why it comes where it does. */
public final class Confinement {
  private static final int SESSION_FILES = 64;

  /** What the gate has open beside its clients: few, and what is about to be closed. */
  private static final int GATE_FILES = 128;

  private static final int KEEP = -1;
  private static final byte[] SLASH = {'/'};
  private static final byte[] HERE = {'.'};

  /** A step that failed. There is no way on from it. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String step, int result) {
      super(step + ": " + Errno.message(-result), null, false, false);
    }

    Failed(String what) {
      super(what, null, false, false);
    }
  }

  private Confinement() {}

  private static void step(String name, int result) throws Failed {
    if (result < 0) {
      throw new Failed(name, result);
    }
  }

  /** What can be done before it is known whose session this will be. */
  public static void prepare() throws Failed {
    Descriptors.dropAll();
    if (!ThreadCheck.open().rehearse()) {
      // Whoever has started this process has groups, which the monitor has not.
      step("setgroups", Native.setgroups(new int[0]));
    }
  }

  /**
   * Makes this process the user's, in the user's directory. To be called after {@link #prepare}.
   *
   * @throws Failed saying at which step; the process must end then
   */
  public static void ofSession(SessionMessage.Assignment a) throws Failed {
    int uid = a.uid();
    int gid = a.gid();
    refuseRoot(uid, gid);
    ThreadCheck threads = ThreadCheck.open();
    byte[] program = KernelFilter.program(a.table());
    if (a.groups().length > 0) {
      // Each change of ids stops every thread for a moment while the client waits; having none is
      // prepared.
      step("setgroups", Native.setgroups(a.groups()));
    }
    lookUpAs(uid, gid);
    step("cannot enter the home directory", Native.chdir(a.home()));
    if (a.options().get(SessionOption.ROOT) == RootKind.CHROOT) {
      // The current directory is the new root then, and nothing is left to step into.
      step("chroot", Native.chroot(HERE));
    }
    limits(SESSION_FILES);
    if (a.options().get(SessionOption.MAX_FILE_SIZE) > 0) {
      // The virtual machine has a handler for SIGXFSZ that does nothing, so that write(2) answers
      // EFBIG.
      step(
          "limit on files' sizes",
          Native.setrlimit(RLIMIT_FSIZE, a.options().get(SessionOption.MAX_FILE_SIZE)));
    }
    // All threads are there that a session ever has.
    step("no new threads", Native.setrlimit(RLIMIT_NPROC, 0));
    Native.umask(a.options().get(SessionOption.UMASK));
    become(uid, gid);
    filter(KernelFilter.role(a.table()), program, threads);
    threads.check(uid, gid, a.groups());
  }

  /** -1 would mean "as it is" to the kernel, which is root. */
  private static void refuseRoot(int uid, int gid) throws Failed {
    if (uid == 0 || gid == 0 || uid == KEEP || gid == KEEP) {
      throw new Failed("the account is root's, or nobody's");
    }
  }

  /**
   * Has names looked up with the user's rights, so that a home that only the user can enter can be
   * entered, and no other one; the right to change the root stays. It is this thread's alone and is
   * over with the change of all ids.
   */
  private static void lookUpAs(int uid, int gid) throws Failed {
    Native.setfsgid(gid);
    Native.setfsuid(uid);
    if (Native.setfsgid(KEEP) != gid || Native.setfsuid(KEEP) != uid) {
      throw new Failed("setfsuid had no effect");
    }
  }

  /**
   * Makes this process nobody's, in an empty directory.
   *
   * @param clients how many it talks to at a time, at most
   * @throws Failed saying at which step; the process must end then
   */
  public static void ofGate(int uid, int gid, byte[] root, int clients) throws Failed {
    refuseRoot(uid, gid);
    ThreadCheck threads = ThreadCheck.open();
    byte[] program = KernelFilter.ofGate();
    step("cannot enter the gate's directory", Native.chdir(root));
    step("chroot", Native.chroot(HERE));
    step("chdir after chroot", Native.chdir(SLASH));
    step("setgroups", Native.setgroups(new int[0]));
    limits(GATE_FILES + clients);
    become(uid, gid);
    filter("gate", program, threads);
    threads.check(uid, gid, new int[0]);
  }

  private static void limits(int files) throws Failed {
    // A core file would hold what the user must not see of us, and what we must not keep of the
    // user.
    step("no core files", Native.setrlimit(RLIMIT_CORE, 0));
    step("limit on open files", Native.setrlimit(RLIMIT_NOFILE, files));
  }

  private static void become(int uid, int gid) throws Failed {
    // The group first: without root it could not be changed.
    step("setresgid", Native.setresgid(gid, gid, gid));
    step("setresuid", Native.setresuid(uid, uid, uid));
    // After the change of ids, which resets it; nobody may look into this process, of the same user
    // or not.
    step("not dumpable", Native.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // Before the filter, which would refuse them in any case: it is the ids that must not come
    // back.
    mustFail("setresuid", Native.setresuidOfThread(0, 0, 0));
    mustFail("setresgid", Native.setresgidOfThread(0, 0, 0));
    mustFail("chroot", Native.chroot(SLASH));
  }

  /**
   * The last step: the kernel takes no more from this process than its role needs, and that of all
   * its threads.
   */
  private static void filter(String role, byte[] program, ThreadCheck threads) throws Failed {
    // With the filter there may be no way to open them. A thread that comes after this has a parent
    // that is among them, and its ids and filter from it.
    threads.list();
    KernelFilter.reportRefusals(role);
    step("kernel filter", Native.seccomp(program, false));
  }

  private static void mustFail(String name, int result) throws Failed {
    if (result >= 0) {
      throw new Failed(name + " still works");
    }
  }
}
