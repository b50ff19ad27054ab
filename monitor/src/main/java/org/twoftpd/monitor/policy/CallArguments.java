/*
 * Trusted with nothing: the numbers of flags and options by which the monitor's filter tells calls apart.
 */
package org.twoftpd.monitor.policy;

import java.util.Arrays;
import org.twoftpd.shared.os.Syscall;
import org.twoftpd.shared.os.SyscallRule;

/** Arguments of system calls, the same on each machine, and rules made of them. */
final class CallArguments {
  /**
   * linux/sched.h: CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
   * CLONE_NEWPID, CLONE_NEWNET. CLONE_NEWTIME is none of clone(2)'s.
   */
  static final int NEW_NAMESPACES = 0x7e020000;

  // linux/prctl.h
  static final int PR_SET_PDEATHSIG = 1;
  static final int PR_GET_PDEATHSIG = 2;
  static final int PR_GET_DUMPABLE = 3;
  static final int PR_SET_DUMPABLE = 4;
  static final int PR_GET_KEEPCAPS = 7;
  static final int PR_SET_KEEPCAPS = 8;
  static final int PR_SET_NAME = 15;
  static final int PR_GET_NAME = 16;
  static final int PR_GET_SECCOMP = 21;
  static final int PR_SET_SECCOMP = 22;
  static final int PR_CAPBSET_READ = 23;
  static final int PR_CAPBSET_DROP = 24;
  static final int PR_GET_SECUREBITS = 27;
  static final int PR_SET_NO_NEW_PRIVS = 38;
  static final int PR_GET_NO_NEW_PRIVS = 39;
  static final int PR_SET_THP_DISABLE = 41;
  static final int PR_CAP_AMBIENT = 47;
  static final int PR_SET_VMA = 0x53564d41;

  // linux/fcntl.h
  static final int F_DUPFD = 0;
  static final int F_GETFD = 1;
  static final int F_SETFD = 2;
  static final int F_GETFL = 3;
  static final int F_SETFL = 4;
  static final int F_GETLK = 5;
  static final int F_SETLK = 6;
  static final int F_SETLKW = 7;
  static final int F_OFD_GETLK = 36;
  static final int F_OFD_SETLK = 37;
  static final int F_OFD_SETLKW = 38;
  static final int F_DUPFD_CLOEXEC = 1030;
  static final int F_SETPIPE_SZ = 1031;
  static final int F_GETPIPE_SZ = 1032;

  // asm-generic/ioctls.h
  static final int TCGETS = 0x5401;
  static final int TIOCGPGRP = 0x540f;
  static final int TIOCGWINSZ = 0x5413;
  static final int FIONREAD = 0x541b;
  static final int FIONBIO = 0x5421;
  static final int FIONCLEX = 0x5450;
  static final int FIOCLEX = 0x5451;

  // linux/sockios.h
  static final int SIOCGIFNAME = 0x8910;
  static final int SIOCGIFCONF = 0x8912;
  static final int SIOCGIFFLAGS = 0x8913;
  static final int SIOCGIFADDR = 0x8915;
  static final int SIOCGIFBRDADDR = 0x8919;
  static final int SIOCGIFNETMASK = 0x891b;
  static final int SIOCGIFMTU = 0x8921;
  static final int SIOCGIFHWADDR = 0x8927;
  static final int SIOCGIFINDEX = 0x8933;

  // linux/socket.h, linux/net.h and linux/in.h
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int TCP = 6;
  static final int UDP = 17;

  /** SOCK_CLOEXEC and SOCK_NONBLOCK. */
  private static final int SOCKET_FLAGS = 02004000;

  private CallArguments() {}

  /** Rules with conditions behind those without. */
  static SyscallRule[] of(SyscallRule[] some, SyscallRule... more) {
    SyscallRule[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  /** The call, where an argument of the type int is one of these. */
  static SyscallRule[] each(Syscall call, int argument, int... values) {
    SyscallRule[] rules = new SyscallRule[values.length];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = SyscallRule.of(call).where(argument, values[i]);
    }
    return rules;
  }

  /** socket(2) of this family, type and protocol. */
  static SyscallRule socket(int family, int type, int protocol) {
    return SyscallRule.of(Syscall.SOCKET)
        .where(0, family)
        .where(1, ~SOCKET_FLAGS, type)
        .where(2, protocol);
  }
}
