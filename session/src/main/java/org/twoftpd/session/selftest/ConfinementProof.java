package org.twoftpd.session.selftest;

import static org.twoftpd.shared.os.ProcessFlags.PR_SET_DUMPABLE;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.AF_NETLINK;
import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_DGRAM;
import static org.twoftpd.shared.os.SocketFlags.SOCK_RAW;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import java.nio.charset.StandardCharsets;
import org.twoftpd.session.command.Tables;
import org.twoftpd.session.confine.Confinement;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.session.policy.Access;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Escapes;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * Proves the confinement of one role for twoftpd-monitor --self-test. The process confines itself
 * as the role does and then tries what the role must not be able to do. It writes a line for each
 * claim and exits with status 0 when all claims hold, else with 1. It never runs in service.
 */
final class ConfinementProof {
  private static final byte[] NONE = {};

  /** The limit is for what this writes too, which may go to a file that has grown already. */
  private static final long FILE_SIZE = 1 << 20;

  private static final byte[] FILE = toBytes("file");
  private static final byte[] HERE = toBytes(".");

  private final String role;
  private final int escapes = Escapes.count();
  private final int[] line = {-1, -1};
  private boolean allHold = true;

  private ConfinementProof(String role) {
    this.role = role;
  }

  private static byte[] toBytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Runs the proof.
   *
   * @param arguments the role (gate, xfer, anon or drop), a number that is used as user id and as
   *     group id, and the directory to confine the process to
   */
  public static void main(String[] arguments) {
    Native.load();
    Processes.load();
    Preload.loadSessionClasses();
    int uid = Integer.parseInt(arguments[1]);
    ConfinementProof proof = new ConfinementProof(arguments[0]);
    try {
      proof.confine(uid, toBytes(arguments[2]));
    } catch (Confinement.Failed e) {
      proof.writeLine("DOES NOT HOLD", "is confined: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
    proof.writeLine(
        "holds", "is confined on every thread: ids, capabilities, no_new_privs, filter");
    proof.claimCommonLimits();
    proof.claimLimitsOfTls();
    proof.claimFileAccess();
    Runtime.getRuntime().halt(proof.allHold ? 0 : 1);
  }

  private Table table() {
    return switch (role) {
      case "xfer" -> Table.XFER;
      case "anon" -> Table.ANON;
      case "drop" -> Table.DROP;
      default -> null;
    };
  }

  private boolean mayUse(Access access) {
    return table() != null && Tables.needs(table(), access);
  }

  private void confine(int uid, byte[] home) throws Confinement.Failed {
    if (table() == null) {
      Confinement.confineGate(uid, uid, home, 64, true);
      return;
    }
    new StatusHelper().start();
    Confinement.prepareSpare();
    // Over TLS a session may do more than without.
    Native.dataPair(line);
    Confinement.confineSession(makeAssignment(table(), uid, home, FILE_SIZE), line[0]);
  }

  /** Makes an assignment in which only what confinement depends on has a meaningful value. */
  static SessionMessage.Assignment makeAssignment(
      Table table, int uid, byte[] home, long fileSize) {
    Endpoint here = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
    SessionOptions options =
        SessionOptions.defaults(table).with(SessionOption.MAX_FILE_SIZE, fileSize);
    return new SessionMessage.Assignment(
        NONE, NONE, uid, uid, new int[0], home, table, options, here, here, true, NONE, 0);
  }

  private void claimCommonLimits() {
    byte[] program = toBytes("/proc/self/exe");
    claimRefusal(
        "starts no program", Processes.spawn(program, new byte[][] {program}, new byte[0][], 0, 2));
    claimRefusal("does not become root", Native.setresuidOfThread(0, 0, 0));
    claimRefusal("does not become root's group", Native.setresgidOfThread(0, 0, 0));
    claimRefusal("does not change its root directory", Native.chroot(HERE));
    claimRefusal("sends no signal, not even to itself by kill", Processes.kill(Native.getpid(), 0));
    claimRefusal("makes no UNIX socket", Native.socket(AF_UNIX, SOCK_STREAM, 0));
    claimRefusal("makes no netlink socket", Native.socket(AF_NETLINK, SOCK_RAW, 0));
    claimRefusal("makes no UDP socket", Native.socket(AF_INET, SOCK_DGRAM, 0));
    claimRefusal("stays closed to debuggers", Native.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
    claimRefusal("looks at no other process", Processes.pidfdOpen(Native.getpid()));
    for (int i = 0; i < escapes; i++) {
      int answer = Escapes.attempt(i);
      claimResult(Escapes.claim(i), Escapes.refused(answer), answer);
    }
  }

  /** What TLS brings: of sessions, pairs for data and their way to the gate; of the gate, ends. */
  private void claimLimitsOfTls() {
    int[] pair = new int[2];
    claimRefusal("makes no pair of sockets that block", Native.socketpair(pair));
    int made = Native.dataPair(pair);
    byte[] frame = {0};
    if (table() == null) {
      claimRefusal("makes no pair of sockets", made);
      claimRefusal("hands no descriptor to anybody", Native.sendDescriptors(0, frame, 1, 2));
      claimRefusal(
          "ends no connection for what a client sends", Native.shutdown(0, SocketFlags.SHUT_RD));
      claimRefusal("ends no connection both ways", Native.shutdown(0, SocketFlags.SHUT_RDWR));
    } else {
      claimResult("makes pairs of sockets for data", made >= 0, made);
      claimRefusal(
          "hands a descriptor to nobody but the gate",
          Native.sendDescriptors(pair[0], frame, line[1], line[1]));
      int handed = Native.sendDescriptors(line[0], frame, pair[0], pair[1]);
      claimResult("hands data connections to the gate", handed == frame.length, handed);
      claimRefusal("ends no connection by itself", Native.shutdown(pair[0], SocketFlags.SHUT_WR));
    }
  }

  private void claimFileAccess() {
    claimAccess(
        Access.DATA_CONNECTION,
        "makes TCP sockets",
        "makes no TCP socket",
        Native.socket(AF_INET, SOCK_STREAM, 0));
    claimAccess(Access.READ, "reads files", "reads no file", openFile(FileFlags.O_RDONLY));
    claimAccess(
        Access.WRITE, "writes files", "writes no file that is there", openFile(FileFlags.O_WRONLY));
    claimAccess(Access.LIST, "lists directories", "lists no directory", listDirectory());
    int create =
        Native.openat(
            FileFlags.AT_FDCWD,
            toBytes("new"),
            FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL,
            0600);
    Access making = mayUse(Access.WRITE) ? Access.WRITE : Access.CREATE;
    claimAccess(making, "makes files", "makes no file", create);
    if (create >= 0) {
      Native.lseek(create, FILE_SIZE, 0);
      int beyond = Native.write(create, FILE, 0, 1);
      claimResult("makes no file larger than it may", beyond == -Errno.EFBIG, beyond);
    }
    int atCwd = FileFlags.AT_FDCWD;
    claimAccess(
        Access.MODIFY,
        "makes directories",
        "makes no directory",
        Native.mkdirat(atCwd, toBytes("directory"), 0700));
    claimRefusal("makes no file set-user-ID", Native.fchmodat(atCwd, FILE, 04700));
    claimAccess(
        Access.MODIFY,
        "replaces files by renaming",
        "replaces no file by renaming",
        Native.renameat2(atCwd, toBytes("other"), atCwd, FILE, 0));
    claimAccess(Access.MODIFY, "removes files", "removes no file", Native.unlinkat(atCwd, FILE, 0));
  }

  private static int openFile(int flags) {
    return Native.openat(FileFlags.AT_FDCWD, FILE, flags, 0);
  }

  private static int listDirectory() {
    int fd = Native.openat(FileFlags.AT_FDCWD, HERE, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    return fd < 0 ? fd : Native.getdents64(fd, new byte[1024]);
  }

  private void claimAccess(Access access, String can, String cannot, int result) {
    if (mayUse(access)) {
      claimResult(can, result >= 0, result);
    } else {
      claimRefusal(cannot, result);
    }
  }

  private void claimRefusal(String what, int result) {
    claimResult(what, result == -Errno.EPERM, result);
  }

  private void claimResult(String what, boolean holds, int result) {
    if (!holds) {
      allHold = false;
    }
    writeLine(
        holds ? "holds" : "DOES NOT HOLD",
        holds ? what : what + " (the kernel answered " + result + ")");
  }

  private void writeLine(String verdict, String what) {
    byte[] line = toBytes(role + ": " + verdict + ": " + what + "\n");
    Native.write(1, line, 0, line.length);
  }
}
