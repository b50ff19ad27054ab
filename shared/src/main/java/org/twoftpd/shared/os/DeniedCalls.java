/*
 * Trusted to know what nobody in this program ever asks the kernel for.  For the two processes whose needs no list of
 * allowed calls can hold: the monitor, since what it starts inherits its filter, credential modules of any kind among it,
 * and twoftpd-cvm, whose C library may load more for a kind of hash.
 */
package org.twoftpd.shared.os;

/** Lists for {@link SyscallFilter#denying}. Gates and sessions have lists of what they may do. */
public final class DeniedCalls {
  /** What looks into other processes, loads code into the kernel or changes the machine. */
  private static final Syscall[] MACHINE = {
    Syscall.PTRACE,
    Syscall.PROCESS_VM_READV,
    Syscall.PROCESS_VM_WRITEV,
    Syscall.PROCESS_MADVISE,
    Syscall.KCMP,
    Syscall.PIDFD_GETFD,
    Syscall.PERF_EVENT_OPEN,
    Syscall.BPF,
    Syscall.USERFAULTFD,
    Syscall.IO_URING_SETUP,
    Syscall.UNSHARE,
    Syscall.SETNS,
    Syscall.MOUNT,
    Syscall.UMOUNT2,
    Syscall.PIVOT_ROOT,
    Syscall.MOVE_MOUNT,
    Syscall.OPEN_TREE,
    Syscall.FSOPEN,
    Syscall.FSMOUNT,
    Syscall.FSPICK,
    Syscall.MOUNT_SETATTR,
    Syscall.OPEN_BY_HANDLE_AT,
    Syscall.FANOTIFY_INIT,
    Syscall.INIT_MODULE,
    Syscall.FINIT_MODULE,
    Syscall.DELETE_MODULE,
    Syscall.KEXEC_LOAD,
    Syscall.KEXEC_FILE_LOAD,
    Syscall.REBOOT,
    Syscall.SWAPON,
    Syscall.SWAPOFF,
    Syscall.ACCT,
    Syscall.SYSLOG,
    Syscall.QUOTACTL,
    Syscall.SETTIMEOFDAY,
    Syscall.CLOCK_SETTIME,
    Syscall.ADJTIMEX,
    Syscall.CLOCK_ADJTIME,
    Syscall.SETHOSTNAME,
    Syscall.SETDOMAINNAME,
    Syscall.PERSONALITY,
    Syscall.IOPL,
    Syscall.IOPERM,
    Syscall.MODIFY_LDT,
    Syscall.USELIB
  };

  /** What a module's PAM may do for its own user, and twoftpd-cvm never does. */
  private static final Syscall[] MODULES = {
    Syscall.EXECVE,
    Syscall.EXECVEAT,
    Syscall.CHROOT,
    Syscall.ADD_KEY,
    Syscall.REQUEST_KEY,
    Syscall.KEYCTL,
    Syscall.NAME_TO_HANDLE_AT
  };

  private DeniedCalls() {}

  /** The monitor's, which everything that it starts inherits. */
  public static byte[] ofMonitor() {
    return SyscallFilter.denying(MACHINE);
  }

  /** That of twoftpd-cvm. */
  public static byte[] ofModule() {
    Syscall[] all = new Syscall[MACHINE.length + MODULES.length];
    System.arraycopy(MACHINE, 0, all, 0, MACHINE.length);
    System.arraycopy(MODULES, 0, all, MACHINE.length, MODULES.length);
    return SyscallFilter.denying(all);
  }
}
