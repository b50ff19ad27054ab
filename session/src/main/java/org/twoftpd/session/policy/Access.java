/*
 * Trusted to say which system calls each kind of command needs. The kernel filter of a session allows what every process
 * needs and what the commands of its table need, and nothing else.
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
import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.MSG_NOSIGNAL;
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
import static org.twoftpd.shared.os.Syscall.SENDMSG;
import static org.twoftpd.shared.os.Syscall.SETSOCKOPT;
import static org.twoftpd.shared.os.Syscall.SOCKET;
import static org.twoftpd.shared.os.Syscall.SOCKETPAIR;
import static org.twoftpd.shared.os.Syscall.SPLICE;
import static org.twoftpd.shared.os.Syscall.STATX;
import static org.twoftpd.shared.os.Syscall.UMASK;
import static org.twoftpd.shared.os.Syscall.UNLINKAT;
import static org.twoftpd.shared.os.Syscall.UTIMENSAT;

import org.twoftpd.shared.os.SyscallRule;

/**
 * Names the system calls that a command needs beyond those of every process ({@link EveryProcess}).
 * Arguments are numbered from 0 in the order of the system calls' manual pages.
 */
public enum Access {
  /** The command needs no more than every process, since it answers from what the session knows. */
  NOTHING(new SyscallRule[0]),

  /**
   * The command finds out what a name stands for and how much space is free, but opens no file's
   * contents.
   */
  LOOK_UP(
      SyscallRule.of(STATX),
      SyscallRule.of(FACCESSAT),
      SyscallRule.of(FACCESSAT2),
      SyscallRule.of(READLINKAT),
      SyscallRule.of(FSTATFS),
      // With O_PATH the kernel ignores all flags that would give access to contents, open(2).
      SyscallRule.of(OPENAT).where(2, O_PATH, O_PATH)),

  /**
   * The command makes a data connection. The filter cannot limit the address, which is in memory
   * where seccomp(2) cannot read it.
   */
  DATA_CONNECTION(
      socketRule(AF_INET),
      socketRule(AF_INET6),
      SyscallRule.of(BIND),
      SyscallRule.of(LISTEN),
      SyscallRule.of(ACCEPT4),
      SyscallRule.of(CONNECT),
      SyscallRule.of(GETSOCKNAME),
      // SO_ERROR tells whether a connection was made.
      SyscallRule.of(GETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_ERROR),
      // SO_REUSEADDR takes a port again that has just served. SO_LINGER makes close send a reset,
      // so that a client does not take a broken transfer for a complete one.
      SyscallRule.of(SETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_REUSEADDR),
      SyscallRule.of(SETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_LINGER)),

  /** The command reads existing files. */
  READ(
      SyscallRule.of(OPENAT).where(2, O_ACCMODE | O_CREAT | O_TRUNC | O_TMPFILE, O_RDONLY),
      SyscallRule.of(SENDFILE)),

  /** The command reads the names in a directory. */
  LIST(openDirectoryRule(), SyscallRule.of(GETDENTS64)),

  /**
   * The command creates new files. It cannot open, replace or delete an existing file; it can only
   * give it a name that nothing has yet.
   */
  CREATE(
      SyscallRule.of(OPENAT)
          .where(2, openModeMask(), O_WRONLY | O_CREAT | O_EXCL)
          .where(3, SPECIAL_BITS, 0),
      SyscallRule.of(RENAMEAT2).where(4, RENAME_NOREPLACE),
      SyscallRule.of(LINKAT).where(4, 0),
      SyscallRule.of(FTRUNCATE).whereZero(1),
      SyscallRule.of(FSYNC),
      spliceRule(),
      SyscallRule.of(PIPE2),
      SyscallRule.of(FCNTL).where(1, F_SETPIPE_SZ),
      // A second descriptor of a new file is kept, to empty the file when it cannot get its name.
      SyscallRule.of(FCNTL).where(1, F_DUPFD_CLOEXEC),
      openDirectoryRule()),

  /** The command writes any file, and creates it when it is missing. */
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
      spliceRule(),
      SyscallRule.of(PIPE2),
      SyscallRule.of(FCNTL).where(1, F_SETPIPE_SZ),
      openDirectoryRule()),

  /** The command changes names, permissions and times. */
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
      "ImmutableEnumChecker") // This is an array, since a collection is one more class to load.
  private final SyscallRule[] rules;

  Access(SyscallRule... rules) {
    this.rules = rules;
  }

  /**
   * Returns the rules with which a session over TLS hands each data connection to the gate, with
   * one end of a pair. It can hand a descriptor to nobody else, and make no pair whose ends block:
   * the gate reads the other end.
   *
   * @param line the descriptor of the session's line to the gate
   */
  public static SyscallRule[] handingOver(int line) {
    return new SyscallRule[] {
      SyscallRule.of(SOCKETPAIR)
          .where(0, AF_UNIX)
          .where(1, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
          .where(2, 0),
      SyscallRule.of(SENDMSG).where(0, line).where(2, MSG_NOSIGNAL)
    };
  }

  /** Returns the rules that allow the calls. The caller must not change the array. */
  public SyscallRule[] rules() {
    return rules;
  }

  /** Joins all flags of open(2) that decide what the call may do with the file. */
  private static int openModeMask() {
    return O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_TMPFILE | O_PATH;
  }

  /**
   * Allows moving data from the connection into a pipe and from the pipe into the file. Both
   * offsets must be null, so that each end is used at its own position.
   */
  private static SyscallRule spliceRule() {
    return SyscallRule.of(SPLICE).whereZero(1).whereZero(3);
  }

  /** Allows opening a directory, and nothing else, to list it or to sync it. */
  private static SyscallRule openDirectoryRule() {
    return SyscallRule.of(OPENAT).where(2, openModeMask() | O_DIRECTORY, O_RDONLY | O_DIRECTORY);
  }

  /** Allows TCP sockets alone: protocol 0 is TCP for a stream socket of these families. */
  private static SyscallRule socketRule(int family) {
    return SyscallRule.of(SOCKET)
        .where(0, family)
        .where(1, ~(SOCK_CLOEXEC | SOCK_NONBLOCK), SOCK_STREAM)
        .where(2, 0);
  }
}
