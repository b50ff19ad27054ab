/*
 * Trusted to be the place where a role's kernel filter is chosen.
 */
package org.twoftpd.session;

import org.twoftpd.shared.os.SyscallFilter;

/**
 * The seccomp(2) program that goes on every thread, and no_new_privs with it. As yet the same for
 * all roles: nobody starts a program, looks into another process, mounts or loads anything.
 */
final class KernelFilter {
  /** Made while the process is a spare, since a client waits later. */
  private static final byte[] PROGRAM = SyscallFilter.denyingAll();

  private KernelFilter() {}

  static byte[] program() {
    return PROGRAM;
  }
}
