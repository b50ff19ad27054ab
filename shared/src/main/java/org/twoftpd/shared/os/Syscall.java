package org.twoftpd.shared.os;

/**
 * System calls by their numbers in the kernel's tables (syscalls(2)): those that some process of
 * this program, or a program that it starts, makes once it is confined. The first number is that of
 * x86_64, the second that of the table which newer machines share. No filter lets through a call
 * that is not here, and whoever makes a filter decides which of these it lets through. The test of
 * the native library compares the numbers with the kernel's headers.
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

  // What the virtual machine and the C library do as they start.
  SET_TID_ADDRESS(218, 96),
  ARCH_PRCTL(158, Syscall.NONE),
  MINCORE(27, 232),
  MSYNC(26, 227),
  MLOCK(149, 228),
  MUNLOCK(150, 229),
  GETRLIMIT(97, 163),
  SETRLIMIT(160, 164),
  GETCWD(79, 17),

  // Programs and processes.
  FORK(57, Syscall.NONE),
  VFORK(58, Syscall.NONE),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  WAIT4(61, 260),
  WAITID(247, 95),
  KILL(62, 129),
  TKILL(200, 130),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  RT_SIGPENDING(127, 136),
  RT_SIGSUSPEND(130, 133),
  PAUSE(34, Syscall.NONE),
  ALARM(37, Syscall.NONE),
  SETITIMER(38, 103),
  GETITIMER(36, 102),
  TIMES(100, 153),
  TIME(201, Syscall.NONE),
  GETPRIORITY(140, 141),
  SETPRIORITY(141, 140),
  GETPPID(110, 173),
  GETPGRP(111, Syscall.NONE),
  GETPGID(121, 155),
  SETPGID(109, 154),
  GETSID(124, 156),
  SETSID(112, 157),

  // Whose rights a process has.
  GETRESUID(118, 148),
  GETRESGID(120, 150),
  GETGROUPS(115, 158),
  SETUID(105, 146),
  SETGID(106, 144),
  SETREUID(113, 145),
  SETREGID(114, 143),
  SETRESUID(117, 147),
  SETRESGID(119, 149),
  SETGROUPS(116, 159),
  SETFSUID(122, 151),
  SETFSGID(123, 152),
  CAPGET(125, 90),
  CAPSET(126, 91),
  CHROOT(161, 51),
  SECCOMP(317, 277),

  // Descriptors, as programs of every kind use them.
  READV(19, 65),
  PWRITE64(18, 68),
  CLOSE_RANGE(436, 436),
  DUP(32, 23),
  DUP2(33, Syscall.NONE),
  DUP3(292, 24),
  IOCTL(16, 29),
  PIPE(22, Syscall.NONE),
  SELECT(23, Syscall.NONE),
  PSELECT6(270, 72),
  EPOLL_CREATE(213, Syscall.NONE),
  EPOLL_CREATE1(291, 20),
  EPOLL_PWAIT2(441, 441),
  EVENTFD2(290, 19),
  TIMERFD_CREATE(283, 85),
  TIMERFD_SETTIME(286, 86),
  COPY_FILE_RANGE(326, 285),
  FLOCK(73, 32),
  FADVISE64(221, 223),
  FALLOCATE(285, 47),
  FDATASYNC(75, 83),

  // Sockets, as programs of every kind use them.
  SOCKETPAIR(53, 199),
  ACCEPT(43, 202),
  GETPEERNAME(52, 205),
  SENDTO(44, 206),
  SENDMSG(46, 211),
  SENDMMSG(307, 269),
  RECVFROM(45, 207),
  RECVMMSG(299, 243),

  // Files, as programs of every kind use them.
  OPEN(2, Syscall.NONE),
  CREAT(85, Syscall.NONE),
  ACCESS(21, Syscall.NONE),
  STAT(4, Syscall.NONE),
  LSTAT(6, Syscall.NONE),
  STATFS(137, 43),
  READLINK(89, Syscall.NONE),
  GETDENTS(78, Syscall.NONE),
  CHDIR(80, 49),
  FCHDIR(81, 50),
  MKDIR(83, Syscall.NONE),
  RMDIR(84, Syscall.NONE),
  UNLINK(87, Syscall.NONE),
  RENAME(82, Syscall.NONE),
  LINK(86, Syscall.NONE),
  SYMLINK(88, Syscall.NONE),
  SYMLINKAT(266, 36),
  CHMOD(90, Syscall.NONE),
  CHOWN(92, Syscall.NONE),
  LCHOWN(94, Syscall.NONE),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  TRUNCATE(76, 45),
  UTIME(132, Syscall.NONE),
  UTIMES(235, Syscall.NONE),
  GETXATTR(191, 8),
  LGETXATTR(192, 9),
  FGETXATTR(193, 10),
  LISTXATTR(194, 11),
  LLISTXATTR(195, 12),
  FLISTXATTR(196, 13);

  /** Stands for a call that the machine does not have. */
  static final int NONE = -1;

  /** The column of numbers that x86_64 alone has. */
  static final int OF_X86_64 = 0;

  /** The column of asm-generic/unistd.h, for machines that came to Linux since 2008. */
  static final int SHARED = 1;

  private final int x8664;
  private final int shared;

  Syscall(int x8664, int shared) {
    this.x8664 = x8664;
    this.shared = shared;
  }

  /** The number on a machine, or {@link #NONE}. */
  int number(Arch arch) {
    return arch.callColumn() == OF_X86_64 ? x8664 : shared;
  }
}
