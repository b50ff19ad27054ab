/*
 * Trusted to be short: what the kernel does for every session and for the gate, whatever they are for.  Nothing in here
 * opens a file or makes a socket.
 */
package org.twoftpd.session.policy;

import static org.twoftpd.shared.os.Syscall.BRK;
import static org.twoftpd.shared.os.Syscall.CLOCK_GETRES;
import static org.twoftpd.shared.os.Syscall.CLOCK_GETTIME;
import static org.twoftpd.shared.os.Syscall.CLOCK_NANOSLEEP;
import static org.twoftpd.shared.os.Syscall.CLOSE;
import static org.twoftpd.shared.os.Syscall.EXIT;
import static org.twoftpd.shared.os.Syscall.EXIT_GROUP;
import static org.twoftpd.shared.os.Syscall.FCNTL;
import static org.twoftpd.shared.os.Syscall.FSTAT;
import static org.twoftpd.shared.os.Syscall.FUTEX;
import static org.twoftpd.shared.os.Syscall.GETCPU;
import static org.twoftpd.shared.os.Syscall.GETEGID;
import static org.twoftpd.shared.os.Syscall.GETEUID;
import static org.twoftpd.shared.os.Syscall.GETGID;
import static org.twoftpd.shared.os.Syscall.GETPID;
import static org.twoftpd.shared.os.Syscall.GETRANDOM;
import static org.twoftpd.shared.os.Syscall.GETRUSAGE;
import static org.twoftpd.shared.os.Syscall.GETSOCKOPT;
import static org.twoftpd.shared.os.Syscall.GETTID;
import static org.twoftpd.shared.os.Syscall.GETTIMEOFDAY;
import static org.twoftpd.shared.os.Syscall.GETUID;
import static org.twoftpd.shared.os.Syscall.LSEEK;
import static org.twoftpd.shared.os.Syscall.MADVISE;
import static org.twoftpd.shared.os.Syscall.MEMBARRIER;
import static org.twoftpd.shared.os.Syscall.MMAP;
import static org.twoftpd.shared.os.Syscall.MPROTECT;
import static org.twoftpd.shared.os.Syscall.MREMAP;
import static org.twoftpd.shared.os.Syscall.MUNMAP;
import static org.twoftpd.shared.os.Syscall.NANOSLEEP;
import static org.twoftpd.shared.os.Syscall.POLL;
import static org.twoftpd.shared.os.Syscall.PPOLL;
import static org.twoftpd.shared.os.Syscall.PRCTL;
import static org.twoftpd.shared.os.Syscall.PREAD64;
import static org.twoftpd.shared.os.Syscall.PRLIMIT64;
import static org.twoftpd.shared.os.Syscall.READ;
import static org.twoftpd.shared.os.Syscall.RECVMSG;
import static org.twoftpd.shared.os.Syscall.RESTART_SYSCALL;
import static org.twoftpd.shared.os.Syscall.RSEQ;
import static org.twoftpd.shared.os.Syscall.RT_SIGACTION;
import static org.twoftpd.shared.os.Syscall.RT_SIGPROCMASK;
import static org.twoftpd.shared.os.Syscall.RT_SIGRETURN;
import static org.twoftpd.shared.os.Syscall.SCHED_GETAFFINITY;
import static org.twoftpd.shared.os.Syscall.SCHED_YIELD;
import static org.twoftpd.shared.os.Syscall.SETSOCKOPT;
import static org.twoftpd.shared.os.Syscall.SET_ROBUST_LIST;
import static org.twoftpd.shared.os.Syscall.SHUTDOWN;
import static org.twoftpd.shared.os.Syscall.SIGALTSTACK;
import static org.twoftpd.shared.os.Syscall.SYSINFO;
import static org.twoftpd.shared.os.Syscall.TGKILL;
import static org.twoftpd.shared.os.Syscall.UNAME;
import static org.twoftpd.shared.os.Syscall.WRITE;
import static org.twoftpd.shared.os.Syscall.WRITEV;

import org.twoftpd.shared.os.SyscallRule;

/** What the virtual machine needs to run, and what descriptors that are there need to be used. */
public final class EveryProcess {
  // linux/prctl.h
  private static final int PR_SET_NAME = 15;
  private static final int PR_GET_NAME = 16;
  private static final int PR_SET_VMA = 0x53564d41;

  // linux/fcntl.h
  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;

  // socket(7) and tcp(7)
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVBUF = 8;
  private static final int SO_KEEPALIVE = 9;
  private static final int SO_LINGER = 13;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_CORK = 3;

  private EveryProcess() {}

  /**
   * The rules.
   *
   * @param pid of this process
   */
  public static SyscallRule[][] rules(int pid) {
    return new SyscallRule[][] {
      SyscallRule.of(
          // The heap, stacks of threads, and code from the compiler, which is written and then run.
          MMAP,
          MUNMAP,
          MPROTECT,
          MREMAP,
          MADVISE,
          BRK,
          // Threads: waiting for each other, getting under way and ending.
          FUTEX,
          SET_ROBUST_LIST,
          RSEQ,
          MEMBARRIER,
          SCHED_YIELD,
          SCHED_GETAFFINITY,
          GETCPU,
          EXIT,
          EXIT_GROUP,
          // Signals to itself: null pointers and safepoints are told from faults by them.
          RT_SIGACTION,
          RT_SIGPROCMASK,
          RT_SIGRETURN,
          SIGALTSTACK,
          RESTART_SYSCALL,
          // Time, where the machine has no clock that can be read without the kernel.
          CLOCK_GETTIME,
          CLOCK_GETRES,
          CLOCK_NANOSLEEP,
          NANOSLEEP,
          GETTIMEOFDAY,
          // Questions about itself and the machine, which the virtual machine sizes itself by.
          GETPID,
          GETTID,
          GETUID,
          GETEUID,
          GETGID,
          GETEGID,
          GETRUSAGE,
          SYSINFO,
          UNAME,
          GETRANDOM,
          // Descriptors that it has.
          READ,
          WRITE,
          PREAD64,
          WRITEV,
          LSEEK,
          FSTAT,
          CLOSE,
          POLL,
          PPOLL,
          SHUTDOWN,
          // What the monitor sends, a descriptor along with it.
          RECVMSG),
      {
        SyscallRule.of(TGKILL).where(0, pid),
        // Names of threads and of memory; never whether others may look into it.
        SyscallRule.of(PRCTL).where(0, PR_SET_NAME),
        SyscallRule.of(PRCTL).where(0, PR_GET_NAME),
        SyscallRule.of(PRCTL).where(0, PR_SET_VMA),
        // Asking for its own limits, not setting any.
        SyscallRule.of(PRLIMIT64).where(0, 0).whereZero(2),
        // Not F_SETOWN, with which the kernel sends signals to others.
        SyscallRule.of(FCNTL).where(1, F_GETFD),
        SyscallRule.of(FCNTL).where(1, F_SETFD),
        SyscallRule.of(FCNTL).where(1, F_GETFL),
        SyscallRule.of(FCNTL).where(1, F_SETFL),
        SyscallRule.of(FCNTL).where(1, F_DUPFD_CLOEXEC),
        SyscallRule.of(GETSOCKOPT).where(1, SOL_SOCKET),
        option(SOL_SOCKET, SO_REUSEADDR),
        option(SOL_SOCKET, SO_SNDBUF),
        option(SOL_SOCKET, SO_RCVBUF),
        option(SOL_SOCKET, SO_KEEPALIVE),
        option(SOL_SOCKET, SO_LINGER),
        option(IPPROTO_TCP, TCP_NODELAY),
        option(IPPROTO_TCP, TCP_CORK),
      }
    };
  }

  private static SyscallRule option(int level, int name) {
    return SyscallRule.of(SETSOCKOPT).where(1, level).where(2, name);
  }
}
