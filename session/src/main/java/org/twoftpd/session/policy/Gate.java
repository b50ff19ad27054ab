/*
 * Trusted to be short: what the kernel does for the gate beyond what it does for every process.
 */
package org.twoftpd.session.policy;

import static org.twoftpd.shared.os.Syscall.EPOLL_CTL;
import static org.twoftpd.shared.os.Syscall.EPOLL_PWAIT;
import static org.twoftpd.shared.os.Syscall.EPOLL_WAIT;

import org.twoftpd.shared.os.SyscallRule;
import org.twoftpd.shared.policy.EveryProcess;

/** The gate opens nothing and makes no socket: it is given what it talks to. */
public final class Gate {
  private Gate() {}

  /** The rules. */
  public static SyscallRule[][] rules() {
    return new SyscallRule[][] {
      SyscallRule.of(
          // Many clients at a time.
          EPOLL_CTL, EPOLL_WAIT, EPOLL_PWAIT),
      // Threads for them, started when they are wanted. No limit on their number by RLIMIT_NPROC:
      // that counts the threads of all processes of a uid, and another instance's gate is one too.
      {EveryProcess.newThread()}
    };
  }
}
