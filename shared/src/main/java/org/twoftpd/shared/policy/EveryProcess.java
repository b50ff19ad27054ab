/*
 * Trusted with what the kernel does for every session, for the gate and for twoftpd-cvm alike.  No rule here opens a file,
 * makes a socket, or changes what a descriptor does: the gate's descriptors are the monitor's as well.
 */
package org.twoftpd.shared.policy;

import static org.twoftpd.shared.os.ProcessFlags.CLONE_CHILD_CLEARTID;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_FILES;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_FS;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_PARENT_SETTID;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_SETTLS;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_SIGHAND;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_SYSVSEM;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_THREAD;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_VM;
import static org.twoftpd.shared.os.ProcessFlags.PR_GET_NAME;
import static org.twoftpd.shared.os.ProcessFlags.PR_SET_NAME;
import static org.twoftpd.shared.os.ProcessFlags.PR_SET_VMA;
import static org.twoftpd.shared.os.Syscall.BRK;
import static org.twoftpd.shared.os.Syscall.CLOCK_GETRES;
import static org.twoftpd.shared.os.Syscall.CLOCK_GETTIME;
import static org.twoftpd.shared.os.Syscall.CLOCK_NANOSLEEP;
import static org.twoftpd.shared.os.Syscall.CLONE;
import static org.twoftpd.shared.os.Syscall.CLOSE;
import static org.twoftpd.shared.os.Syscall.EXIT;
import static org.twoftpd.shared.os.Syscall.EXIT_GROUP;
import static org.twoftpd.shared.os.Syscall.FSTAT;
import static org.twoftpd.shared.os.Syscall.FUTEX;
import static org.twoftpd.shared.os.Syscall.GETCPU;
import static org.twoftpd.shared.os.Syscall.GETEGID;
import static org.twoftpd.shared.os.Syscall.GETEUID;
import static org.twoftpd.shared.os.Syscall.GETGID;
import static org.twoftpd.shared.os.Syscall.GETPID;
import static org.twoftpd.shared.os.Syscall.GETRANDOM;
import static org.twoftpd.shared.os.Syscall.GETRUSAGE;
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
import static org.twoftpd.shared.os.Syscall.RESTART_SYSCALL;
import static org.twoftpd.shared.os.Syscall.RSEQ;
import static org.twoftpd.shared.os.Syscall.RT_SIGACTION;
import static org.twoftpd.shared.os.Syscall.RT_SIGPROCMASK;
import static org.twoftpd.shared.os.Syscall.RT_SIGRETURN;
import static org.twoftpd.shared.os.Syscall.SCHED_GETAFFINITY;
import static org.twoftpd.shared.os.Syscall.SCHED_YIELD;
import static org.twoftpd.shared.os.Syscall.SET_ROBUST_LIST;
import static org.twoftpd.shared.os.Syscall.SIGALTSTACK;
import static org.twoftpd.shared.os.Syscall.SYSINFO;
import static org.twoftpd.shared.os.Syscall.TGKILL;
import static org.twoftpd.shared.os.Syscall.UNAME;
import static org.twoftpd.shared.os.Syscall.WRITE;
import static org.twoftpd.shared.os.Syscall.WRITEV;

import org.twoftpd.shared.os.SyscallRule;

/**
 * What the virtual machine needs to run, and what descriptors that are there need to be used. A
 * descriptor that the monitor sends shares its flags and options with the one that the monitor
 * keeps, so none of fcntl(2), ioctl(2), setsockopt(2) and shutdown(2) is here: who needs one of
 * them for its own descriptors says so.
 */
public final class EveryProcess {
  /** All the flags of pthread_create(3): with them clone(2) makes a thread, never a process. */
  private static final int A_THREAD =
      CLONE_VM
          | CLONE_FS
          | CLONE_FILES
          | CLONE_SIGHAND
          | CLONE_THREAD
          | CLONE_SYSVSEM
          | CLONE_SETTLS
          | CLONE_PARENT_SETTID
          | CLONE_CHILD_CLEARTID;

  private EveryProcess() {}

  /**
   * What every process may do.
   *
   * @param pid of this process
   */
  public static SyscallRule[][] rules(int pid) {
    return new SyscallRule[][] {
      withAnyArguments(),
      {
        SyscallRule.of(TGKILL).where(0, pid),
        // Names for threads and memory, but not whether others may look into the process.
        SyscallRule.of(PRCTL).where(0, PR_SET_NAME),
        SyscallRule.of(PRCTL).where(0, PR_GET_NAME),
        SyscallRule.of(PRCTL).where(0, PR_SET_VMA),
        // The process may ask for its own limits and set none.
        SyscallRule.of(PRLIMIT64).where(0, 0).whereZero(2),
      }
    };
  }

  /** The rules that look at no argument. */
  public static SyscallRule[] withAnyArguments() {
    return SyscallRule.of(
        // The heap, stacks of threads, and code from the compiler, which is written and then run.
        MMAP,
        MUNMAP,
        MPROTECT,
        MREMAP,
        MADVISE,
        BRK,
        // Threads: starting, waiting for each other and ending.
        FUTEX,
        SET_ROBUST_LIST,
        RSEQ,
        MEMBARRIER,
        SCHED_YIELD,
        SCHED_GETAFFINITY,
        GETCPU,
        EXIT,
        EXIT_GROUP,
        // Signals to itself, by which it tells null pointers and safepoints from faults.
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
        // Questions about itself and the machine: the virtual machine sizes itself by the answers.
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
        // The descriptors that it has.
        READ,
        WRITE,
        PREAD64,
        WRITEV,
        LSEEK,
        FSTAT,
        CLOSE,
        POLL,
        PPOLL);
  }

  /** The rule for processes that may start threads after they were confined. */
  public static SyscallRule newThread() {
    return SyscallRule.of(CLONE).where(0, A_THREAD);
  }
}
