/*
 * Trusted with nothing: numbers of system calls.  Which of them a process may make is decided by whoever makes a filter.
 */
package org.twoftpd.shared.os;

/**
 * System calls by their numbers in the kernel's tables (syscalls(2)): those that some process of
 * this program makes once it is confined, and those that none of them makes and root's filter names
 * one by one. The test of the native library compares the numbers with the kernel's headers.
 */
public enum Syscall {
  // Memory, threads and signals.
  MMAP(9, 222),
  MUNMAP(11, 215),
  MPROTECT(10, 226),
  MREMAP(25, 216),
  MADVISE(28, 233),
  BRK(12, 214),
  CLONE(56, 220),
  CLONE3(435, 435),
  SET_ROBUST_LIST(273, 99),
  RSEQ(334, 293),
  FUTEX(202, 98),
  MEMBARRIER(324, 283),
  SCHED_YIELD(24, 124),
  SCHED_GETAFFINITY(204, 123),
  GETCPU(309, 168),
  PRCTL(157, 167),
  EXIT(60, 93),
  EXIT_GROUP(231, 94),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  RT_SIGRETURN(15, 139),
  RT_SIGTIMEDWAIT(128, 137),
  SIGALTSTACK(131, 132),
  TGKILL(234, 131),
  RESTART_SYSCALL(219, 128),

  // Time, the process and the machine.
  CLOCK_GETTIME(228, 113),
  CLOCK_GETRES(229, 114),
  CLOCK_NANOSLEEP(230, 115),
  NANOSLEEP(35, 101),
  GETTIMEOFDAY(96, 169),
  GETPID(39, 172),
  GETTID(186, 178),
  GETUID(102, 174),
  GETEUID(107, 175),
  GETGID(104, 176),
  GETEGID(108, 177),
  GETRUSAGE(98, 165),
  PRLIMIT64(302, 261),
  SYSINFO(99, 179),
  UNAME(63, 160),
  GETRANDOM(318, 278),
  UMASK(95, 166),

  // Descriptors.
  READ(0, 63),
  WRITE(1, 64),
  PREAD64(17, 67),
  WRITEV(20, 66),
  LSEEK(8, 62),
  CLOSE(3, 57),
  FSTAT(5, 80),
  FCNTL(72, 25),
  POLL(7, Syscall.NONE),
  PPOLL(271, 73),
  EPOLL_CTL(233, 21),
  EPOLL_WAIT(232, Syscall.NONE),
  EPOLL_PWAIT(281, 22),
  SENDFILE(40, 71),
  SPLICE(275, 76),
  PIPE2(293, 59),

  // Sockets.
  SOCKET(41, 198),
  BIND(49, 200),
  LISTEN(50, 201),
  ACCEPT4(288, 242),
  CONNECT(42, 203),
  GETSOCKNAME(51, 204),
  SETSOCKOPT(54, 208),
  GETSOCKOPT(55, 209),
  SHUTDOWN(48, 210),
  RECVMSG(47, 212),

  // Files.
  OPENAT(257, 56),
  OPENAT2(437, 437),
  STATX(332, 291),
  NEWFSTATAT(262, 79),
  FACCESSAT(269, 48),
  FACCESSAT2(439, 439),
  READLINKAT(267, 78),
  FSTATFS(138, 44),
  GETDENTS64(217, 61),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  UNLINKAT(263, 35),
  RENAMEAT(264, 38),
  RENAMEAT2(316, 276),
  LINKAT(265, 37),
  MKDIRAT(258, 34),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  UTIMENSAT(280, 88),

  // What starts programs, looks into other processes, loads code into the kernel, changes the
  // machine, or opens files by another way than names.
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
