package org.twoftpd.monitor.policy;

import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWCGROUP;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWIPC;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWNET;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWNS;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWPID;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWUSER;
import static org.twoftpd.shared.os.ProcessFlags.CLONE_NEWUTS;
import static org.twoftpd.shared.os.SocketFlags.SOCK_CLOEXEC;
import static org.twoftpd.shared.os.SocketFlags.SOCK_NONBLOCK;

import java.util.Arrays;
import org.twoftpd.shared.os.Syscall;
import org.twoftpd.shared.os.SyscallRule;

/** Rules by which the monitor's filter tells calls apart by their arguments. */
final class CallArguments {
  /** The flags of clone(2) that make a namespace; CLONE_NEWTIME is for clone3(2) alone. */
  static final int NEW_NAMESPACES =
      CLONE_NEWNS
          | CLONE_NEWCGROUP
          | CLONE_NEWUTS
          | CLONE_NEWIPC
          | CLONE_NEWUSER
          | CLONE_NEWPID
          | CLONE_NEWNET;

  private static final int SOCKET_FLAGS = SOCK_CLOEXEC | SOCK_NONBLOCK;

  private CallArguments() {}

  /** Joins rules without conditions and rules with conditions. */
  static SyscallRule[] of(SyscallRule[] some, SyscallRule... more) {
    SyscallRule[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  /** Allows a call where an argument of the type int is one of these values. */
  static SyscallRule[] each(Syscall call, int argument, int... values) {
    SyscallRule[] rules = new SyscallRule[values.length];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = SyscallRule.of(call).where(argument, values[i]);
    }
    return rules;
  }

  /** Allows socket(2) with this family, type and protocol. */
  static SyscallRule socket(int family, int type, int protocol) {
    return SyscallRule.of(Syscall.SOCKET)
        .where(0, family)
        .where(1, ~SOCKET_FLAGS, type)
        .where(2, protocol);
  }
}
