/*
 * Trusted with the list of system calls of the process that knows the hashes.  It can read files and answer on its socket, but
 * cannot start a program, make a socket or change a file.
 */
package org.twoftpd.cvm;

import static org.twoftpd.shared.os.DescriptorCommands.F_GETFD;
import static org.twoftpd.shared.os.DescriptorCommands.F_SETFD;
import static org.twoftpd.shared.os.FileFlags.O_ACCMODE;
import static org.twoftpd.shared.os.FileFlags.O_CREAT;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.O_TRUNC;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_PEERCRED;

import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Syscall;
import org.twoftpd.shared.os.SyscallFilter;
import org.twoftpd.shared.os.SyscallRule;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.policy.EveryProcess;

/**
 * The seccomp(2) program of twoftpd-cvm. With the property {@code twoftpd.logsyscalls} each call
 * that is refused is named on descriptor 2.
 */
final class KernelFilter {
  private static final boolean REPORT = Boolean.getBoolean("twoftpd.logsyscalls");

  private KernelFilter() {}

  /** Limits every thread of this process for good. */
  static void install() throws SystemCallException {
    if (REPORT) {
      SystemCallException.check(Native.reportRefusals("cvm".getBytes(StandardCharsets.US_ASCII)));
    }
    SystemCallException.check(Native.seccomp(program(), false));
  }

  private static byte[] program() {
    SyscallFilter f = SyscallFilter.refusing(REPORT);
    for (var rules : EveryProcess.rules(Native.getpid())) {
      f.allow(rules);
    }
    // The process reads the files of accounts whenever they have changed, and classes.
    f.allow(
        SyscallRule.of(
            Syscall.STAT,
            Syscall.LSTAT,
            Syscall.NEWFSTATAT,
            Syscall.STATX,
            Syscall.ACCESS,
            Syscall.FACCESSAT,
            Syscall.FACCESSAT2,
            Syscall.READLINK,
            Syscall.READLINKAT,
            Syscall.GETCWD));
    f.allow(
        new SyscallRule[] {
          // Directories are opened on the way to a file, but none is listed.
          SyscallRule.of(Syscall.OPENAT).where(2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY),
          SyscallRule.of(Syscall.FCNTL).where(1, F_GETFD),
          SyscallRule.of(Syscall.FCNTL).where(1, F_SETFD),
          // The process accepts connections and asks the kernel which user has connected.
          SyscallRule.of(Syscall.ACCEPT4),
          SyscallRule.of(Syscall.GETSOCKOPT).where(1, SOL_SOCKET).where(2, SO_PEERCRED),
          // Each processor gets a thread that hashes.
          EveryProcess.newThread(),
        });
    return f.program();
  }
}
