/*
 * Trusted with making the kernel's filter programs.  What a program denies is decided by who asks for it.
 */
package org.twoftpd.shared.os;

/**
 * A program for {@link Native#seccomp}: everything is allowed but a list of system calls, which end
 * with EPERM. Calls by another table than the machine's own end the process where the kernel tells
 * them apart by the architecture, and with EPERM where it tells by the number (the x32 calls of
 * x86_64); see seccomp(2), which explains why both must be looked at.
 */
public final class SyscallFilter {
  // struct seccomp_data of linux/seccomp.h
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;

  // linux/audit.h
  private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
  private static final int AUDIT_ARCH_AARCH64 = 0xc00000b7;

  private static final int X32_SYSCALL_BIT = 0x40000000;

  // linux/bpf_common.h and linux/filter.h
  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K
  private static final int INSTRUCTION_BYTES = 8;

  private static final int KILL_PROCESS = 0x80000000;
  private static final int ERRNO = 0x00050000;
  private static final int ALLOW = 0x7fff0000;

  /** A jump has eight bits for its distance. */
  private static final int DENIED_MAX = 250;

  private final byte[] bytes;
  private int at;

  private SyscallFilter(int instructions) {
    bytes = new byte[INSTRUCTION_BYTES * instructions];
  }

  /** Denies every {@link Syscall}, on the machine that this process runs on. */
  public static byte[] denyingAll() {
    return denying(Syscall.values(), Arch.current());
  }

  static byte[] denying(Syscall[] denied, Arch arch) {
    // Plain loops and no buffer classes: every login pays for what a session loads.
    int[] numbers = new int[denied.length];
    int count = 0;
    for (Syscall s : denied) {
      if (s.number(arch) != Syscall.NONE) {
        numbers[count++] = s.number(arch);
      }
    }
    if (count > DENIED_MAX) {
      throw new IllegalArgumentException(count + " calls are too many for one program");
    }
    boolean x32 = arch == Arch.X86_64;
    SyscallFilter program = new SyscallFilter(4 + (x32 ? 1 : 0) + count + 2);
    program.put(LOAD, 0, 0, ARCHITECTURE);
    program.put(JUMP_IF_EQUAL, 1, 0, x32 ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64);
    program.put(RETURN, 0, 0, KILL_PROCESS);
    program.put(LOAD, 0, 0, NUMBER);
    // From here on every jump leads to the last instruction.
    int left = count + 1;
    if (x32) {
      program.put(JUMP_IF_AT_LEAST, left, 0, X32_SYSCALL_BIT);
    }
    for (int i = 0; i < count; i++) {
      left--;
      program.put(JUMP_IF_EQUAL, left, 0, numbers[i]);
    }
    program.put(RETURN, 0, 0, ALLOW);
    program.put(RETURN, 0, 0, ERRNO | Errno.EPERM);
    return program.bytes;
  }

  /**
   * struct sock_filter: code, distance if true, distance if false, constant. Both machines are
   * little-endian.
   */
  private void put(int code, int ifTrue, int ifFalse, int constant) {
    bytes[at++] = (byte) code;
    bytes[at++] = 0;
    bytes[at++] = (byte) ifTrue;
    bytes[at++] = (byte) ifFalse;
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[at++] = (byte) (constant >> shift);
    }
  }
}
