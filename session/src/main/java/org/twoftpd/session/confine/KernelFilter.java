/*
 * Trusted to be the place where a role's kernel filter is put together: from what every process needs, and from the verb
 * table itself.
 */
package org.twoftpd.session.confine;

import org.twoftpd.session.command.Tables;
import org.twoftpd.session.policy.Access;
import org.twoftpd.session.policy.Gate;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Syscall;
import org.twoftpd.shared.os.SyscallFilter;
import org.twoftpd.shared.os.SyscallRule;
import org.twoftpd.shared.policy.EveryProcess;

/**
 * The seccomp(2) programs, which go on every thread, and no_new_privs with them. With the property
 * {@code twoftpd.logsyscalls} each call that is refused is named on descriptor 2.
 */
final class KernelFilter {
  private static final boolean REPORT = Boolean.getBoolean("twoftpd.logsyscalls");
  private static final int PID = Native.getpid();
  private static final Access[] ALL = Access.values();

  // Made when the class is loaded, while the process is a spare: a client waits later. Of the
  // programs only the one that most logins need: all three would cost each of them a millisecond.
  private static final SyscallFilter EVERY_PROCESS = everyProcess();
  private static final byte[] XFER = of(Table.XFER);

  private KernelFilter() {}

  /** The program of a session with that table. */
  static byte[] program(Table table) {
    return switch (table) {
      case XFER -> XFER;
      case ANON, DROP -> of(table);
    };
  }

  private static byte[] of(Table table) {
    SyscallFilter f = EVERY_PROCESS.copy();
    for (Access a : ALL) {
      if (Tables.needs(table, a)) {
        f.allow(a.rules());
      }
    }
    return f.program();
  }

  /** The program of the gate. */
  static byte[] ofGate() {
    SyscallFilter f = EVERY_PROCESS.copy();
    for (var rules : Gate.rules()) {
      f.allow(rules);
    }
    return f.program();
  }

  private static SyscallFilter everyProcess() {
    SyscallFilter f = SyscallFilter.refusing(REPORT);
    for (var rules : EveryProcess.rules(PID)) {
      f.allow(rules);
    }
    // What the monitor sends, a descriptor along with it.
    return f.allow(new SyscallRule[] {SyscallRule.of(Syscall.RECVMSG)});
  }

  /** What a session with that table is called. */
  static String role(Table table) {
    return switch (table) {
      case XFER -> "xfer";
      case ANON -> "anon";
      case DROP -> "drop";
    };
  }

  /** Has refused calls named, where that was asked for. */
  static void reportRefusals(String role) {
    if (REPORT) {
      Native.reportRefusals(Ascii.bytes(role));
    }
  }
}
