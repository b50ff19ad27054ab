/*
 * Trusted with nothing: numbers of system calls that no process of this program makes once it is confined.
 */
package org.twoftpd.shared.os;

/**
 * System calls by their numbers in the kernel's tables (syscalls(2)): what starts programs, looks
 * into other processes, loads code into the kernel, changes the machine, or opens files by another
 * way than names. The test of the native library compares the numbers with the kernel's headers.
 */
public enum Syscall {
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  PTRACE(101, 117),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  PROCESS_MADVISE(440, 440),
  KCMP(312, 272),
  PIDFD_GETFD(438, 438),
  PERF_EVENT_OPEN(298, 241),
  BPF(321, 280),
  USERFAULTFD(323, 282),
  IO_URING_SETUP(425, 425),
  UNSHARE(272, 97),
  SETNS(308, 268),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  MOVE_MOUNT(429, 429),
  OPEN_TREE(428, 428),
  FSOPEN(430, 430),
  FSMOUNT(432, 432),
  FSPICK(433, 433),
  MOUNT_SETATTR(442, 442),
  OPEN_BY_HANDLE_AT(304, 265),
  NAME_TO_HANDLE_AT(303, 264),
  FANOTIFY_INIT(300, 262),
  ADD_KEY(248, 217),
  REQUEST_KEY(249, 218),
  KEYCTL(250, 219),
  INIT_MODULE(175, 105),
  FINIT_MODULE(313, 273),
  DELETE_MODULE(176, 106),
  KEXEC_LOAD(246, 104),
  KEXEC_FILE_LOAD(320, 294),
  REBOOT(169, 142),
  SWAPON(167, 224),
  SWAPOFF(168, 225),
  ACCT(163, 89),
  SYSLOG(103, 116),
  QUOTACTL(179, 60),
  SETTIMEOFDAY(164, 170),
  CLOCK_SETTIME(227, 112),
  ADJTIMEX(159, 171),
  CLOCK_ADJTIME(305, 266),
  SETHOSTNAME(170, 161),
  SETDOMAINNAME(171, 162),
  PERSONALITY(135, 92),
  IOPL(172, Syscall.NONE),
  IOPERM(173, Syscall.NONE),
  MODIFY_LDT(154, Syscall.NONE),
  USELIB(134, Syscall.NONE);

  /** Stands for a call that the machine does not have. */
  static final int NONE = -1;

  private final int x8664;
  private final int aarch64;

  Syscall(int x8664, int aarch64) {
    this.x8664 = x8664;
    this.aarch64 = aarch64;
  }

  /** The number on a machine, or {@link #NONE}. */
  int number(Arch arch) {
    return switch (arch) {
      case X86_64 -> x8664;
      case AARCH64 -> aarch64;
    };
  }
}
