/*
 * Trusted to allow the gate no system call that it can do without, since strangers talk to it.
 */
package org.twoftpd.session.policy;

import static org.twoftpd.shared.os.Syscall.EPOLL_CTL;
import static org.twoftpd.shared.os.Syscall.EPOLL_PWAIT;
import static org.twoftpd.shared.os.Syscall.EPOLL_WAIT;
import static org.twoftpd.shared.os.Syscall.FCNTL;
import static org.twoftpd.shared.os.Syscall.SHUTDOWN;

import org.twoftpd.shared.os.DescriptorCommands;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.os.SyscallRule;
import org.twoftpd.shared.policy.EveryProcess;

/**
 * Names the system calls that the gate needs beyond those of every process. It opens no file and
 * makes no socket, since the monitor passes it the connections.
 */
public final class Gate {
  private Gate() {}

  /** Returns the rules for a gate with TLS. */
  public static SyscallRule[] relaying() {
    return new SyscallRule[] {
      // It says that nothing more comes, behind what a client is to get and before the wait for the
      // client's own end; never that it takes nothing more.
      SyscallRule.of(SHUTDOWN).where(1, SocketFlags.SHUT_WR),
      // It looks at what a session hands over, and changes nothing of it.
      SyscallRule.of(FCNTL).where(1, DescriptorCommands.F_GETFL)
    };
  }

  /** Returns the rules that allow the calls. */
  public static SyscallRule[][] rules() {
    return new SyscallRule[][] {
      SyscallRule.of(
          // One thread waits for many clients at a time.
          EPOLL_CTL, EPOLL_WAIT, EPOLL_PWAIT),
      // The gate starts threads for its clients when it needs them. RLIMIT_NPROC cannot limit their
      // number, since it counts all threads of a user id, and the gates of other instances may have
      // the same one.
      {EveryProcess.newThread()}
    };
  }
}
