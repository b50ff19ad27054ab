/*
 * Trusted to be the policy's other half: what the kernel lets a session do is the sum of what the commands of its table
 * need, and here is what each kind of command needs of the kernel.
 */
package org.twoftpd.session.policy;

import static org.twoftpd.shared.os.DescriptorCommands.F_DUPFD_CLOEXEC;
import static org.twoftpd.shared.os.DescriptorCommands.F_SETPIPE_SZ;
import static org.twoftpd.shared.os.FileFlags.AT_REMOVEDIR;
import static org.twoftpd.shared.os.FileFlags.O_ACCMODE;
import static org.twoftpd.shared.os.FileFlags.O_CREAT;
import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_EXCL;
import static org.twoftpd.shared.os.FileFlags.O_PATH;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.O_TMPFILE;
import static org.twoftpd.shared.os.FileFlags.O_TRUNC;
import static org.twoftpd.shared.os.FileFlags.O_WRONLY;
import static org.twoftpd.shared.os.FileFlags.RENAME_NOREPLACE;
import static org.twoftpd.shared.os.FileFlags.SPECIAL_BITS;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.AF_INET6;
import static org.twoftpd.shared.os.SocketFlags.SOCK_CLOEXEC;
import static org.twoftpd.shared.os.SocketFlags.SOCK_NONBLOCK;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_ERROR;
import static org.twoftpd.shared.os.SocketFlags.SO_LINGER;
import static org.twoftpd.shared.os.SocketFlags.SO_REUSEADDR;
import static org.twoftpd.shared.os.Syscall.ACCEPT4;
import static org.twoftpd.shared.os.Syscall.BIND;
import static org.twoftpd.shared.os.Syscall.CONNECT;
import static org.twoftpd.shared.os.Syscall.FACCESSAT;
import static org.twoftpd.shared.os.Syscall.FACCESSAT2;
import static org.twoftpd.shared.os.Syscall.FCHMOD;
import static org.twoftpd.shared.os.Syscall.FCHMODAT;
import static org.twoftpd.shared.os.Syscall.FCNTL;
import static org.twoftpd.shared.os.Syscall.FSTATFS;
import static org.twoftpd.shared.os.Syscall.FSYNC;
import static org.twoftpd.shared.os.Syscall.FTRUNCATE;
import static org.twoftpd.shared.os.Syscall.GETDENTS64;
import static org.twoftpd.shared.os.Syscall.GETSOCKNAME;
import static org.twoftpd.shared.os.Syscall.GETSOCKOPT;
import static org.twoftpd.shared.os.Syscall.LINKAT;
import static org.twoftpd.shared.os.Syscall.LISTEN;
import static org.twoftpd.shared.os.Syscall.MKDIRAT;
import static org.twoftpd.shared.os.Syscall.OPENAT;
import static org.twoftpd.shared.os.Syscall.PIPE2;
import static org.twoftpd.shared.os.Syscall.READLINKAT;
import static org.twoftpd.shared.os.Syscall.RENAMEAT;
import static org.twoftpd.shared.os.Syscall.RENAMEAT2;
import static org.twoftpd.shared.os.Syscall.SENDFILE;
import static org.twoftpd.shared.os.Syscall.SETSOCKOPT;
import static org.twoftpd.shared.os.Syscall.SOCKET;
import static org.twoftpd.shared.os.Syscall.SPLICE;
import static org.twoftpd.shared.os.Syscall.STATX;
import static org.twoftpd.shared.os.Syscall.UMASK;
import static org.twoftpd.shared.os.Syscall.UNLINKAT;
import static org.twoftpd.shared.os.Syscall.UTIMENSAT;

import org.twoftpd.shared.os.SyscallRule;

/**
 * What a command needs of the kernel beyond what every session has ({@link EveryProcess}). The
 * numbers of arguments are those of the system calls' manual pages, from 0 on.
 */
public enum Access {
  /** Nothing: words, and what the session knows itself. */
  NOTHING(new SyscallRule[0]),

  /** Finding out what a name stands for, and how much room there is; opening nothing. */
  LOOK_UP(
      SyscallRule.of(STATX),
      SyscallRule.of(FACCESSAT),
      SyscallRule.of(FACCESSAT2),
      SyscallRule.of(READLINKAT),
      SyscallRule.of(FSTATFS),
      // The kernel takes no other flag that matters beside this one.
      SyscallRule.of(OPENAT).where(2, O_PATH, O_PATH)),

  /** A data connection, to or from anybody: where to lies in memory, where no filter sees it. */
  DATA_CONNECTION(
      socket(AF_INET),
      socket(AF_INET6),
      SyscallRule.of(BIND),
      SyscallRule.of(LISTEN),
      SyscallRule.of(ACCEPT4),
      SyscallRule.of(CONNECT),
      SyscallRule.of(GETSOCKNAME),
      // Whether it was made.
      SyscallRule.of(GETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_ERROR),
      // A port that has just served, and a reset where a plain close would look like the whole.
      SyscallRule.of(SETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_REUSEADDR),
      SyscallRule.of(SETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_LINGER)),

  /** The contents of files that are there. */
  READ(
      SyscallRule.of(OPENAT).where(2, O_ACCMODE | O_CREAT | O_TRUNC | O_TMPFILE, O_RDONLY),
      SyscallRule.of(SENDFILE)),

  /** The names in a directory. */
  LIST(directory(), SyscallRule.of(GETDENTS64)),

  /**
   * Files that were not there: made, never opened again, and no other one touched. A file that is
   * there can at most be given another name that nothing has.
   */
  CREATE(
      SyscallRule.of(OPENAT).where(2, how(), O_WRONLY | O_CREAT | O_EXCL).where(3, SPECIAL_BITS, 0),
      SyscallRule.of(RENAMEAT2).where(4, RENAME_NOREPLACE),
      SyscallRule.of(LINKAT).where(4, 0),
      SyscallRule.of(FTRUNCATE).whereZero(1),
      SyscallRule.of(FSYNC),
      splice(),
      SyscallRule.of(PIPE2),
      SyscallRule.of(FCNTL).where(1, F_SETPIPE_SZ),
      // A second number for a new file, to empty it by when it cannot get its name.
      SyscallRule.of(FCNTL).where(1, F_DUPFD_CLOEXEC),
      directory()),

  /** The contents of any file, made when missing. */
  WRITE(
      SyscallRule.of(OPENAT).where(2, O_ACCMODE | O_TMPFILE, O_WRONLY).where(3, SPECIAL_BITS, 0),
      // The C library makes this of a renameat2 without flags.
      SyscallRule.of(RENAMEAT),
      SyscallRule.of(RENAMEAT2).where(4, 0),
      SyscallRule.of(RENAMEAT2).where(4, RENAME_NOREPLACE),
      SyscallRule.of(LINKAT).where(4, 0),
      SyscallRule.of(UNLINKAT).where(2, 0),
      SyscallRule.of(FCHMOD).where(1, SPECIAL_BITS, 0),
      SyscallRule.of(FTRUNCATE),
      SyscallRule.of(FSYNC),
      splice(),
      SyscallRule.of(PIPE2),
      SyscallRule.of(FCNTL).where(1, F_SETPIPE_SZ),
      directory()),

  /** Names, permissions and times. */
  MODIFY(
      SyscallRule.of(MKDIRAT).where(2, SPECIAL_BITS, 0),
      SyscallRule.of(UNLINKAT).where(2, 0),
      SyscallRule.of(UNLINKAT).where(2, AT_REMOVEDIR),
      // The C library makes this of a renameat2 without flags.
      SyscallRule.of(RENAMEAT),
      SyscallRule.of(RENAMEAT2).where(4, 0),
      SyscallRule.of(FCHMODAT).where(2, SPECIAL_BITS, 0),
      SyscallRule.of(FCHMOD).where(1, SPECIAL_BITS, 0),
      SyscallRule.of(UTIMENSAT),
      SyscallRule.of(UMASK));

  @SuppressWarnings(
      "ImmutableEnumChecker") // An array, since a session loads no collections for this.
  private final SyscallRule[] rules;

  Access(SyscallRule... rules) {
    this.rules = rules;
  }

  /** What it needs. Not to be changed. */
  public SyscallRule[] rules() {
    return rules;
  }

  /** Everything in the flags of open(2) that says what becomes of the file. */
  private static int how() {
    return O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_TMPFILE | O_PATH;
  }

  /** From the data connection into a pipe and from that into the file, each at its own position. */
  private static SyscallRule splice() {
    return SyscallRule.of(SPLICE).whereZero(1).whereZero(3);
  }

  /** A directory and nothing else: to list it, or to sync it. */
  private static SyscallRule directory() {
    return SyscallRule.of(OPENAT).where(2, how() | O_DIRECTORY, O_RDONLY | O_DIRECTORY);
  }

  /** TCP alone: no raw socket, no UNIX socket, no netlink, no other protocol of streams. */
  private static SyscallRule socket(int family) {
    return SyscallRule.of(SOCKET)
        .where(0, family)
        .where(1, ~(SOCK_CLOEXEC | SOCK_NONBLOCK), SOCK_STREAM)
        .where(2, 0);
  }
}
