/*
 * Trusted to build each role's kernel filter from what every process needs and what the verbs of the role's command
 * table need.
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
 * Builds the seccomp(2) programs. They are installed on every thread, which sets no_new_privs too.
 * With the property {@code twoftpd.logsyscalls} the process names each refused call on descriptor
 * 2.
 */
final class KernelFilter {
  private static final boolean REPORT_REFUSALS = Boolean.getBoolean("twoftpd.logsyscalls");
  private static final int PID = Native.getpid();
  private static final Access[] ALL_ACCESS = Access.values();
  private static final int NO_LINE = -1;

  // These are built when the class is loaded, while the process is a spare and no client waits.
  // XFER is the table that most logins need; to build all three would cost each login a
  // millisecond.
  private static final SyscallFilter COMMON_FILTER = buildCommonFilter();
  private static final byte[] XFER_PROGRAM = buildProgram(Table.XFER, NO_LINE);

  private KernelFilter() {}

  /**
   * Builds the program for a session that has this command table.
   *
   * @param line the descriptor by which it hands data connections to the gate; -1 without TLS
   */
  static byte[] buildSessionProgram(Table table, int line) {
    return table == Table.XFER && line < 0 ? XFER_PROGRAM : buildProgram(table, line);
  }

  private static byte[] buildProgram(Table table, int line) {
    SyscallFilter f = COMMON_FILTER.copy();
    if (line >= 0) {
      f.allow(Access.handingOver(line));
    }
    for (Access a : ALL_ACCESS) {
      if (Tables.needs(table, a)) {
        f.allow(a.rules());
      }
    }
    return f.program();
  }

  /** Builds the program for the gate. */
  static byte[] buildGateProgram(boolean tls) {
    SyscallFilter f = COMMON_FILTER.copy();
    for (var rules : Gate.rules()) {
      f.allow(rules);
    }
    if (tls) {
      f.allow(Gate.relaying());
    }
    return f.program();
  }

  private static SyscallFilter buildCommonFilter() {
    SyscallFilter f = SyscallFilter.refusing(REPORT_REFUSALS);
    for (var rules : EveryProcess.rules(PID)) {
      f.allow(rules);
    }
    // The monitor sends messages that may carry a descriptor.
    return f.allow(new SyscallRule[] {SyscallRule.of(Syscall.RECVMSG)});
  }

  /** Names the role of a session that has this command table. */
  static String roleName(Table table) {
    return switch (table) {
      case XFER -> "xfer";
      case ANON -> "anon";
      case DROP -> "drop";
    };
  }

  /** Makes the process name refused calls, when the property asks for it. */
  static void reportRefusals(String role) {
    if (REPORT_REFUSALS) {
      Native.reportRefusals(Ascii.encode(role));
    }
  }
}
