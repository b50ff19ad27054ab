/*
 * Trusted with the step from root to a user: after it no thread has any of root's rights left, or the process ends.
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

/**
 * Takes root's rights from this process for good. The order of the steps matters: each comment says
 * why its step comes where it does.
 */
public final class Confinement {
  private static final int SESSION_DESCRIPTORS = 64;

  /**
   * The gate needs few descriptors beside those of its clients. The rest is for clients that it is
   * about to close.
   */
  private static final int GATE_DESCRIPTORS = 128;

  private static final int UNCHANGED_ID = -1;
  private static final byte[] ROOT_DIRECTORY = {'/'};
  private static final byte[] CURRENT_DIRECTORY = {'.'};

  /** Says which step failed. The process must end then, since it may still have root's rights. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String problem, int result) {
      super(problem + ": " + Errno.message(-result), null, false, false);
    }

    Failed(String problem) {
      super(problem, null, false, false);
    }
  }

  private Confinement() {}

  private static void requireSuccess(String problem, int result) throws Failed {
    if (result < 0) {
      throw new Failed(problem, result);
    }
  }

  /**
   * Does what can be done before the user is known, so that a client waits for less.
   *
   * @throws Failed saying at which step; the process must end then
   */
  public static void prepareSpare() throws Failed {
    Descriptors.replaceAll();
    if (!ThreadCheck.open().rehearse()) {
      // The monitor drops its supplementary groups. Whoever starts this program by hand may have
      // some, which would fail the rehearsal.
      requireSuccess("cannot drop the supplementary groups", Native.setgroups(new int[0]));
    }
  }

  /**
   * Makes this process the user's, in the user's directory. {@link #prepareSpare} must have been
   * called before.
   *
   * @param line the descriptor of its line to the gate; -1 for a session without TLS
   * @throws Failed saying at which step; the process must end then
   */
  public static void confineSession(SessionMessage.Assignment assignment, int line) throws Failed {
    int uid = assignment.uid();
    int gid = assignment.gid();
    refuseRoot(uid, gid);
    ThreadCheck threads = ThreadCheck.open();
    byte[] program = KernelFilter.buildSessionProgram(assignment.table(), line);
    if (assignment.groups().length > 0) {
      // A change of ids stops every thread for a moment while the client waits. prepareSpare has
      // dropped all groups, so a user without groups is spared this one.
      requireSuccess("cannot set the supplementary groups", Native.setgroups(assignment.groups()));
    }
    setFileAccessIds(uid, gid);
    requireSuccess("cannot enter the home directory", Native.chdir(assignment.home()));
    if (assignment.options().get(SessionOption.ROOT) == RootKind.CHROOT) {
      // The current directory becomes the root directory, so that no chdir has to follow.
      requireSuccess(
          "cannot make the home directory the root directory", Native.chroot(CURRENT_DIRECTORY));
    }
    limitResources(SESSION_DESCRIPTORS);
    if (assignment.options().get(SessionOption.MAX_FILE_SIZE) > 0) {
      // The virtual machine has a handler for SIGXFSZ that does nothing, so that write(2) answers
      // EFBIG.
      requireSuccess(
          "cannot limit the size of files",
          Native.setrlimit(RLIMIT_FSIZE, assignment.options().get(SessionOption.MAX_FILE_SIZE)));
    }
    // A session starts all its threads before this step.
    requireSuccess("cannot forbid new threads", Native.setrlimit(RLIMIT_NPROC, 0));
    Native.umask(assignment.options().get(SessionOption.UMASK));
    giveUpRoot(uid, gid);
    installFilter(KernelFilter.roleName(assignment.table()), program, threads);
    threads.requireIds(uid, gid, assignment.groups());
  }

  /** Refuses -1 as well as 0: setresuid(2) keeps the present id for -1, and that is root's. */
  private static void refuseRoot(int uid, int gid) throws Failed {
    if (uid == 0 || gid == 0 || uid == UNCHANGED_ID || gid == UNCHANGED_ID) {
      throw new Failed(
          "user id " + uid + " and group id " + gid + ": neither may be 0 (root's) or -1");
    }
  }

  /**
   * Lets the kernel look paths up with the user's rights, so that this process can enter exactly
   * the homes that the user can enter, while it keeps the right to call chroot(2). setfsuid(2)
   * changes this thread alone, and the later change of all ids replaces it.
   */
  private static void setFileAccessIds(int uid, int gid) throws Failed {
    Native.setfsgid(gid);
    Native.setfsuid(uid);
    // Both calls return the id before and report no error, so another call must read them back.
    if (Native.setfsgid(UNCHANGED_ID) != gid || Native.setfsuid(UNCHANGED_ID) != uid) {
      throw new Failed("the kernel did not set the ids for access to files");
    }
  }

  /**
   * Gives this process to the gate's user, who owns nothing, in an empty directory.
   *
   * @param clients the most descriptors that the gate has for its clients at a time
   * @param tls whether it speaks TLS
   * @throws Failed saying at which step; the process must end then
   */
  public static void confineGate(int uid, int gid, byte[] root, int clients, boolean tls)
      throws Failed {
    refuseRoot(uid, gid);
    ThreadCheck threads = ThreadCheck.open();
    byte[] program = KernelFilter.buildGateProgram(tls);
    requireSuccess("cannot enter the gate's directory", Native.chdir(root));
    requireSuccess(
        "cannot make the gate's directory the root directory", Native.chroot(CURRENT_DIRECTORY));
    requireSuccess("cannot enter the new root directory", Native.chdir(ROOT_DIRECTORY));
    requireSuccess("cannot drop the supplementary groups", Native.setgroups(new int[0]));
    limitResources(GATE_DESCRIPTORS + clients);
    giveUpRoot(uid, gid);
    installFilter("gate", program, threads);
    threads.requireIds(uid, gid, new int[0]);
  }

  private static void limitResources(int descriptors) throws Failed {
    // A core file would show the server's memory to the user, and keep the user's data on the disk.
    requireSuccess("cannot forbid core files", Native.setrlimit(RLIMIT_CORE, 0));
    requireSuccess("cannot limit the open files", Native.setrlimit(RLIMIT_NOFILE, descriptors));
  }

  private static void giveUpRoot(int uid, int gid) throws Failed {
    // The group comes first, since only root may change it.
    requireSuccess("cannot change the group id", Native.setresgid(gid, gid, gid));
    requireSuccess("cannot change the user id", Native.setresuid(uid, uid, uid));
    // This comes after the change of ids, which resets it. It keeps debuggers out, even those of
    // the same user.
    requireSuccess(
        "cannot close the process to debuggers", Native.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // These attempts come before the filter, which would refuse them anyway: they show that the ids
    // alone keep root away.
    requireFailure("become root", Native.setresuidOfThread(0, 0, 0));
    requireFailure("take root's group", Native.setresgidOfThread(0, 0, 0));
    requireFailure("change its root directory", Native.chroot(ROOT_DIRECTORY));
  }

  /**
   * Limits the system calls of all threads to what the role needs. This is the last step, since the
   * filter forbids the others.
   */
  private static void installFilter(String role, byte[] program, ThreadCheck threads)
      throws Failed {
    // The statuses of the threads are opened here, since the filter may forbid it. A thread that
    // starts later inherits its ids and its filter from a thread that is listed.
    threads.openStatuses();
    KernelFilter.reportRefusals(role);
    requireSuccess("cannot install the kernel filter", Native.seccomp(program, false));
  }

  private static void requireFailure(String action, int result) throws Failed {
    if (result >= 0) {
      throw new Failed("the process can still " + action);
    }
  }
}
