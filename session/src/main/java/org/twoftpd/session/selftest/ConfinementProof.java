/*
 * Trusted with nothing: runs when an administrator asks whether this kernel keeps its promises, never in service.  It
 * confines itself as a role does and then tries what the role must not be able to do.
 */
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
import org.twoftpd.shared.wire.SessionMessage;

/**
 * One role's part of twoftpd-monitor --self-test: a line for each claim, and a status of 0 or 1.
 */
final class ConfinementProof {
  private static final byte[] NONE = {};
  private static final long FILE_SIZE = 4096;
  private static final byte[] FILE = name("file");
  private static final byte[] HERE = name(".");

  private final String role;
  private final int escapes = Escapes.count();
  private boolean allHold = true;

  private ConfinementProof(String role) {
    this.role = role;
  }

  private static byte[] name(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  /** Arguments: gate, xfer, anon or drop; a uid that is a gid as well; its directory. */
  public static void main(String[] a) {
    Native.load();
    Processes.load();
    Preload.everything();
    int uid = Integer.parseInt(a[1]);
    ConfinementProof r = new ConfinementProof(a[0]);
    try {
      r.confine(uid, name(a[2]));
    } catch (Confinement.Failed e) {
      r.say("DOES NOT HOLD", "is confined: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
    r.say("holds", "is confined on every thread: ids, capabilities, no_new_privs, filter");
    r.everyRole();
    r.files();
    Runtime.getRuntime().halt(r.allHold ? 0 : 1);
  }

  private Table table() {
    return switch (role) {
      case "xfer" -> Table.XFER;
      case "anon" -> Table.ANON;
      case "drop" -> Table.DROP;
      default -> null;
    };
  }

  private boolean may(Access access) {
    return table() != null && Tables.needs(table(), access);
  }

  private void confine(int uid, byte[] home) throws Confinement.Failed {
    if (table() == null) {
      Confinement.ofGate(uid, uid, home, 64);
      return;
    }
    new StatusHelper().start();
    Confinement.prepare();
    Confinement.ofSession(assignment(table(), uid, home, FILE_SIZE));
  }

  /** A login with nothing about it but what confinement depends on. */
  static SessionMessage.Assignment assignment(Table table, int uid, byte[] home, long fileSize) {
    Endpoint here = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
    SessionOptions options =
        SessionOptions.defaults(table).with(SessionOption.MAX_FILE_SIZE, fileSize);
    return new SessionMessage.Assignment(
        NONE, NONE, uid, uid, new int[0], home, table, options, here, here, true, NONE);
  }

  private void everyRole() {
    byte[] program = name("/proc/self/exe");
    refused(
        "starts no program", Processes.spawn(program, new byte[][] {program}, new byte[0][], 0, 2));
    refused("does not become root", Native.setresuidOfThread(0, 0, 0));
    refused("does not become root's group", Native.setresgidOfThread(0, 0, 0));
    refused("does not change its root directory", Native.chroot(HERE));
    refused("sends no signal, not even to itself by kill", Processes.kill(Native.getpid(), 0));
    refused("makes no UNIX socket", Native.socket(AF_UNIX, SOCK_STREAM, 0));
    refused("makes no netlink socket", Native.socket(AF_NETLINK, SOCK_RAW, 0));
    refused("makes no UDP socket", Native.socket(AF_INET, SOCK_DGRAM, 0));
    refused("stays closed to debuggers", Native.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
    refused("looks at no other process", Processes.pidfdOpen(Native.getpid()));
    for (int i = 0; i < escapes; i++) {
      int answer = Escapes.attempt(i);
      claim(Escapes.claim(i), Escapes.refused(answer), answer);
    }
  }

  private void files() {
    one(
        Access.DATA_CONNECTION,
        "makes TCP sockets",
        "makes no TCP socket",
        Native.socket(AF_INET, SOCK_STREAM, 0));
    one(Access.READ, "reads files", "reads no file", open(FileFlags.O_RDONLY));
    one(Access.WRITE, "writes files", "writes no file that is there", open(FileFlags.O_WRONLY));
    one(Access.LIST, "lists directories", "lists no directory", list());
    int create =
        Native.openat(
            FileFlags.AT_FDCWD,
            name("new"),
            FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL,
            0600);
    Access making = may(Access.WRITE) ? Access.WRITE : Access.CREATE;
    one(making, "makes files", "makes no file", create);
    if (create >= 0) {
      Native.lseek(create, FILE_SIZE, 0);
      int beyond = Native.write(create, FILE, 0, 1);
      claim("makes no file larger than it may", beyond == -Errno.EFBIG, beyond);
    }
    int atCwd = FileFlags.AT_FDCWD;
    one(
        Access.MODIFY,
        "makes directories",
        "makes no directory",
        Native.mkdirat(atCwd, name("directory"), 0700));
    refused("makes no file set-user-ID", Native.fchmodat(atCwd, FILE, 04700));
    one(
        Access.MODIFY,
        "replaces files by renaming",
        "replaces no file by renaming",
        Native.renameat2(atCwd, name("other"), atCwd, FILE, 0));
    one(Access.MODIFY, "removes files", "removes no file", Native.unlinkat(atCwd, FILE, 0));
  }

  private static int open(int flags) {
    return Native.openat(FileFlags.AT_FDCWD, FILE, flags, 0);
  }

  private static int list() {
    int fd = Native.openat(FileFlags.AT_FDCWD, HERE, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    return fd < 0 ? fd : Native.getdents64(fd, new byte[1024]);
  }

  private void one(Access access, String can, String cannot, int result) {
    if (may(access)) {
      claim(can, result >= 0, result);
    } else {
      refused(cannot, result);
    }
  }

  private void refused(String what, int result) {
    claim(what, result == -Errno.EPERM, result);
  }

  private void claim(String what, boolean holds, int result) {
    if (!holds) {
      allHold = false;
    }
    say(
        holds ? "holds" : "DOES NOT HOLD",
        holds ? what : what + " (the kernel answered " + result + ")");
  }

  private void say(String verdict, String what) {
    byte[] line = name(role + ": " + verdict + ": " + what + "\n");
    Native.write(1, line, 0, line.length);
  }
}
