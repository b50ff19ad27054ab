/*
 * Trusted to be all that root's process may ask of the kernel, and all that the processes may ask that it starts: gates and
 * sessions until they have filters of their own, which can only take more away, and the programs of credential modules, which
 * keep this one.  No call in here makes a namespace, mounts, loads code into the kernel, looks into another process or
 * changes the machine.
 */
package org.twoftpd.monitor.policy;

import org.twoftpd.shared.os.DescriptorCommands;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.ProcessFlags;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.os.Syscall;
import org.twoftpd.shared.os.SyscallFilter;
import org.twoftpd.shared.os.SyscallRule;
import org.twoftpd.shared.policy.EveryProcess;

/**
 * The calls that the monitor's kernel filter allows, grouped by what they are for. They were
 * learned from the tests and from modules in C, shell, Perl and Python.
 *
 * <p>A call that a session makes all the time has no conditions here, since the kernel runs no
 * filter for a call that every filter of a process allows with any arguments.
 */
public enum InheritedFilter {
  /** Memory, threads, time, and what else every virtual machine needs. */
  EVERY_PROCESS(EveryProcess.withAnyArguments()),

  /** What a program needs to start, besides its files: loader, C library, virtual machine. */
  START(
      SyscallRule.of(
          Syscall.SET_TID_ADDRESS,
          Syscall.ARCH_PRCTL,
          Syscall.MINCORE,
          Syscall.MSYNC,
          // Passwords kept out of swap space.
          Syscall.MLOCK,
          Syscall.MUNLOCK,
          Syscall.GETRLIMIT,
          Syscall.SETRLIMIT)),

  /** The process's own limits, not those of others. */
  LIMITS(SyscallRule.of(Syscall.PRLIMIT64).where(0, 0)),

  /**
   * Processes and threads, in the namespaces that are there. clone3 is missing, since the filter
   * cannot see its flags.
   */
  PROCESSES(
      CallArguments.of(
          SyscallRule.of(
              Syscall.FORK,
              Syscall.VFORK,
              Syscall.EXECVE,
              Syscall.EXECVEAT,
              Syscall.WAIT4,
              Syscall.WAITID,
              Syscall.KILL,
              Syscall.TKILL,
              Syscall.TGKILL,
              Syscall.PIDFD_OPEN,
              Syscall.PIDFD_SEND_SIGNAL,
              Syscall.GETPPID,
              Syscall.GETPGRP,
              Syscall.GETPGID,
              Syscall.SETPGID,
              Syscall.GETSID,
              Syscall.SETSID,
              Syscall.GETPRIORITY,
              Syscall.SETPRIORITY,
              Syscall.TIMES,
              Syscall.TIME),
          SyscallRule.of(Syscall.CLONE).where(0, CallArguments.NEW_NAMESPACES, 0))),

  /** Waiting for a signal, and alarms, for shells and scripts with a time limit. */
  SIGNALS(
      SyscallRule.of(
          Syscall.RT_SIGPENDING,
          Syscall.RT_SIGSUSPEND,
          Syscall.RT_SIGTIMEDWAIT,
          Syscall.PAUSE,
          Syscall.ALARM,
          Syscall.SETITIMER,
          Syscall.GETITIMER)),

  /** Becoming a user for good, and filters. Who may do so is up to the capabilities. */
  RIGHTS(
      SyscallRule.of(
          Syscall.GETRESUID,
          Syscall.GETRESGID,
          Syscall.GETGROUPS,
          Syscall.SETUID,
          Syscall.SETGID,
          Syscall.SETREUID,
          Syscall.SETREGID,
          Syscall.SETRESUID,
          Syscall.SETRESGID,
          Syscall.SETGROUPS,
          Syscall.SETFSUID,
          Syscall.SETFSGID,
          Syscall.CAPGET,
          Syscall.CAPSET,
          Syscall.CHROOT,
          Syscall.UMASK,
          Syscall.SECCOMP)),

  /**
   * The process's name, limits that it sets itself, and questions; not its memory map, its clock or
   * its tracer.
   */
  ITSELF(
      CallArguments.each(
          Syscall.PRCTL,
          0,
          ProcessFlags.PR_SET_PDEATHSIG,
          ProcessFlags.PR_GET_PDEATHSIG,
          ProcessFlags.PR_GET_DUMPABLE,
          ProcessFlags.PR_SET_DUMPABLE,
          ProcessFlags.PR_GET_KEEPCAPS,
          ProcessFlags.PR_SET_KEEPCAPS,
          ProcessFlags.PR_SET_NAME,
          ProcessFlags.PR_GET_NAME,
          ProcessFlags.PR_GET_SECCOMP,
          ProcessFlags.PR_SET_SECCOMP,
          ProcessFlags.PR_CAPBSET_READ,
          ProcessFlags.PR_CAPBSET_DROP,
          ProcessFlags.PR_GET_SECUREBITS,
          ProcessFlags.PR_SET_NO_NEW_PRIVS,
          ProcessFlags.PR_GET_NO_NEW_PRIVS,
          ProcessFlags.PR_SET_THP_DISABLE,
          ProcessFlags.PR_CAP_AMBIENT,
          ProcessFlags.PR_SET_VMA)),

  /** Descriptors, and waiting for them. */
  DESCRIPTORS(
      SyscallRule.of(
          Syscall.READV,
          Syscall.PWRITE64,
          Syscall.CLOSE_RANGE,
          Syscall.DUP,
          Syscall.DUP2,
          Syscall.DUP3,
          Syscall.PIPE,
          Syscall.PIPE2,
          Syscall.SELECT,
          Syscall.PSELECT6,
          Syscall.EPOLL_CREATE,
          Syscall.EPOLL_CREATE1,
          Syscall.EPOLL_CTL,
          Syscall.EPOLL_WAIT,
          Syscall.EPOLL_PWAIT,
          Syscall.EPOLL_PWAIT2,
          Syscall.EVENTFD2,
          Syscall.TIMERFD_CREATE,
          Syscall.TIMERFD_SETTIME,
          Syscall.SENDFILE,
          Syscall.SPLICE,
          Syscall.COPY_FILE_RANGE)),

  /**
   * Flags, copies, locks and pipes; neither F_SETOWN and F_SETSIG, which send signals to others,
   * nor leases.
   */
  DESCRIPTOR_FLAGS(
      CallArguments.each(
          Syscall.FCNTL,
          1,
          DescriptorCommands.F_DUPFD,
          DescriptorCommands.F_DUPFD_CLOEXEC,
          DescriptorCommands.F_GETFD,
          DescriptorCommands.F_SETFD,
          DescriptorCommands.F_GETFL,
          DescriptorCommands.F_SETFL,
          DescriptorCommands.F_GETLK,
          DescriptorCommands.F_SETLK,
          DescriptorCommands.F_SETLKW,
          DescriptorCommands.F_OFD_GETLK,
          DescriptorCommands.F_OFD_SETLK,
          DescriptorCommands.F_OFD_SETLKW,
          DescriptorCommands.F_SETPIPE_SZ,
          DescriptorCommands.F_GETPIPE_SZ)),

  /**
   * Questions: whether a descriptor is a terminal and how wide, how much there is to read, its
   * flags, and what addresses the machine has. No device can be controlled, and nothing can be
   * typed into a terminal.
   */
  QUESTIONS(
      CallArguments.each(
          Syscall.IOCTL,
          1,
          DescriptorCommands.TCGETS,
          DescriptorCommands.TIOCGPGRP,
          DescriptorCommands.TIOCGWINSZ,
          DescriptorCommands.FIONREAD,
          DescriptorCommands.FIONBIO,
          DescriptorCommands.FIOCLEX,
          DescriptorCommands.FIONCLEX,
          DescriptorCommands.SIOCGIFNAME,
          DescriptorCommands.SIOCGIFCONF,
          DescriptorCommands.SIOCGIFFLAGS,
          DescriptorCommands.SIOCGIFADDR,
          DescriptorCommands.SIOCGIFBRDADDR,
          DescriptorCommands.SIOCGIFNETMASK,
          DescriptorCommands.SIOCGIFMTU,
          DescriptorCommands.SIOCGIFHWADDR,
          DescriptorCommands.SIOCGIFINDEX)),

  /**
   * TCP, UDP and UNIX sockets. {@link #program} says how raw sockets, netlink and other protocols
   * are refused.
   */
  SOCKETS(
      CallArguments.of(
          SyscallRule.of(
              Syscall.BIND,
              Syscall.LISTEN,
              Syscall.ACCEPT,
              Syscall.ACCEPT4,
              Syscall.CONNECT,
              Syscall.GETSOCKNAME,
              Syscall.GETPEERNAME,
              Syscall.GETSOCKOPT,
              Syscall.SETSOCKOPT,
              Syscall.SENDTO,
              Syscall.SENDMSG,
              Syscall.SENDMMSG,
              Syscall.RECVFROM,
              Syscall.RECVMSG,
              Syscall.RECVMMSG,
              Syscall.SHUTDOWN),
          SyscallRule.of(Syscall.SOCKETPAIR).where(0, SocketFlags.AF_UNIX),
          SyscallRule.of(Syscall.SOCKET).where(0, SocketFlags.AF_UNIX),
          CallArguments.socket(SocketFlags.AF_INET, SocketFlags.SOCK_STREAM, 0),
          CallArguments.socket(
              SocketFlags.AF_INET, SocketFlags.SOCK_STREAM, SocketFlags.IPPROTO_TCP),
          CallArguments.socket(SocketFlags.AF_INET, SocketFlags.SOCK_DGRAM, 0),
          CallArguments.socket(
              SocketFlags.AF_INET, SocketFlags.SOCK_DGRAM, SocketFlags.IPPROTO_UDP),
          CallArguments.socket(SocketFlags.AF_INET6, SocketFlags.SOCK_STREAM, 0),
          CallArguments.socket(
              SocketFlags.AF_INET6, SocketFlags.SOCK_STREAM, SocketFlags.IPPROTO_TCP),
          CallArguments.socket(SocketFlags.AF_INET6, SocketFlags.SOCK_DGRAM, 0),
          CallArguments.socket(
              SocketFlags.AF_INET6, SocketFlags.SOCK_DGRAM, SocketFlags.IPPROTO_UDP))),

  /** Finding files and opening them; which ones is up to ids and capabilities. */
  FILES(
      SyscallRule.of(
          Syscall.OPEN,
          Syscall.OPENAT,
          Syscall.OPENAT2,
          Syscall.CREAT,
          Syscall.ACCESS,
          Syscall.FACCESSAT,
          Syscall.FACCESSAT2,
          Syscall.STAT,
          Syscall.LSTAT,
          Syscall.NEWFSTATAT,
          Syscall.STATX,
          Syscall.STATFS,
          Syscall.FSTATFS,
          Syscall.READLINK,
          Syscall.READLINKAT,
          Syscall.GETDENTS,
          Syscall.GETDENTS64,
          Syscall.GETCWD,
          Syscall.CHDIR,
          Syscall.FCHDIR,
          // "ls -l" and "cp" ask for extended attributes; none can be set.
          Syscall.GETXATTR,
          Syscall.LGETXATTR,
          Syscall.FGETXATTR,
          Syscall.LISTXATTR,
          Syscall.LLISTXATTR,
          Syscall.FLISTXATTR)),

  /** Making and changing files; no device, not even a FIFO. */
  CHANGES(
      SyscallRule.of(
          Syscall.MKDIR,
          Syscall.MKDIRAT,
          Syscall.RMDIR,
          Syscall.UNLINK,
          Syscall.UNLINKAT,
          Syscall.RENAME,
          Syscall.RENAMEAT,
          Syscall.RENAMEAT2,
          Syscall.LINK,
          Syscall.LINKAT,
          Syscall.SYMLINK,
          Syscall.SYMLINKAT,
          Syscall.CHMOD,
          Syscall.FCHMOD,
          Syscall.FCHMODAT,
          Syscall.CHOWN,
          Syscall.LCHOWN,
          Syscall.FCHOWN,
          Syscall.FCHOWNAT,
          Syscall.TRUNCATE,
          Syscall.FTRUNCATE,
          Syscall.FALLOCATE,
          Syscall.FADVISE64,
          Syscall.FLOCK,
          Syscall.FSYNC,
          Syscall.FDATASYNC,
          Syscall.UTIME,
          Syscall.UTIMES,
          Syscall.UTIMENSAT));

  @SuppressWarnings("ImmutableEnumChecker") // An array, as in the filters of sessions.
  private final SyscallRule[] rules;

  InheritedFilter(SyscallRule... rules) {
    this.rules = rules;
  }

  /**
   * Makes the program of the whole filter, for the architecture of this process. Sockets that are
   * not allowed fail as on a kernel that does not have them, and as RestrictAddressFamilies makes
   * them fail in a unit. Libraries ask for netlink in passing, and do without it only after that
   * answer; PAM with auditing would let nobody in after EPERM.
   */
  public static byte[] program() {
    SyscallFilter f = SyscallFilter.refusing(false).answering(Syscall.SOCKET, Errno.EAFNOSUPPORT);
    for (InheritedFilter purpose : values()) {
      f.allow(purpose.rules);
    }
    return f.program();
  }
}
