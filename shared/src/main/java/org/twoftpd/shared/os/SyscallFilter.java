/*
 * Trusted with making the kernel's filter programs.  What a program lets through is decided by who asks for it.
 */
package org.twoftpd.shared.os;

import java.util.Arrays;

/**
 * Programs for {@link Native#seccomp}. Calls by another table than the machine's own end the
 * process where the kernel tells them apart by the architecture, and are refused where it tells by
 * the number (the x32 calls of x86_64); see seccomp(2), which explains why both must be looked at.
 *
 * <p>A call that is refused fails with EPERM, and does not end the process: a virtual machine and a
 * C library try calls that they can do without, and which ones changes from version to version. The
 * call is not made either way. clone3 and openat2 fail with ENOSYS, as on an older kernel: their
 * flags lie in memory, where no filter sees them, and their callers have another way then. So does
 * every call that came after Linux 6.1: a C library takes that answer, and no other one, for a sign
 * that it must do without.
 *
 * <p>The program finds a call's number by halves, so that no call takes more than a dozen steps;
 * calls that are let through with any arguments do not run it at all, since the kernel works those
 * out when the filter is installed.
 */
public final class SyscallFilter {
  // struct seccomp_data of linux/seccomp.h
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;

  // linux/bpf_common.h and linux/filter.h
  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int JUMP = 0x05; // BPF_JMP | BPF_JA
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K
  private static final int INSTRUCTION_BYTES = 8;

  /** A conditional jump has eight bits for its distance. */
  private static final int DISTANCE_MAX = 255;

  // linux/seccomp.h
  private static final int KILL_PROCESS = 0x80000000;
  private static final int TRAP = 0x00030000;
  private static final int ERRNO = 0x00050000;
  private static final int ALLOW = 0x7fff0000;

  /** Stands for "look at the arguments". */
  private static final int CONDITIONS = 1;

  /** Where the calls begin that Linux 6.1 has not. */
  private static final int LATER = 451;

  /** One more than the first number behind all that can be let through. */
  private static final int NUMBERS = LATER + 1;

  private static final int INSTRUCTIONS = 1024;

  private static final SyscallRule[] NO_RULES = {};

  private final Arch arch;
  private final int otherwise;
  private final int[] verdicts;
  private SyscallRule[] conditional = NO_RULES;

  /** The call that is refused in a way of its own, and that way. */
  private int apart = Syscall.NONE;

  private int itsVerdict;

  /** The numbers of the calls in {@link #conditional}. */
  private int[] numbers = {};

  // The program is written from its end, so that a jump's distance is known when it is written.
  private byte[] bytes = new byte[INSTRUCTION_BYTES * INSTRUCTIONS];
  private int at = bytes.length;
  private final int[] starts = new int[NUMBERS];

  private SyscallFilter(Arch arch, int otherwise) {
    this.arch = arch;
    this.otherwise = otherwise;
    this.verdicts = new int[NUMBERS];
    Arrays.fill(verdicts, otherwise);
  }

  private SyscallFilter(SyscallFilter other) {
    this.arch = other.arch;
    this.otherwise = other.otherwise;
    this.verdicts = other.verdicts.clone();
    // Replaced when they grow, never written to.
    this.conditional = other.conditional;
    this.numbers = other.numbers;
    this.apart = other.apart;
    this.itsVerdict = other.itsVerdict;
  }

  /** Another filter that has been told the same as this one, whose program was not made yet. */
  public SyscallFilter copy() {
    return new SyscallFilter(this);
  }

  /**
   * A filter that refuses what it is not told to let through.
   *
   * @param report whether refused calls raise SIGSYS for {@link Native#reportRefusals}, which names
   *     them and has them fail with EPERM all the same
   */
  public static SyscallFilter refusing(boolean report) {
    return refusing(report, Arch.current());
  }

  static SyscallFilter refusing(boolean report, Arch arch) {
    SyscallFilter f = new SyscallFilter(arch, report ? TRAP : ERRNO | Errno.EPERM);
    Arrays.fill(f.verdicts, LATER, NUMBERS, ERRNO | Errno.ENOSYS);
    return f.set(ERRNO | Errno.ENOSYS, Syscall.CLONE3).set(ERRNO | Errno.ENOSYS, Syscall.OPENAT2);
  }

  /** Has one call fail with another error where it is refused; for one call at most. */
  public SyscallFilter answering(Syscall call, int errno) {
    apart = call.number(arch);
    itsVerdict = ERRNO | errno;
    return set(itsVerdict, call);
  }

  private SyscallFilter set(int verdict, Syscall call) {
    int number = call.number(arch);
    if (number != Syscall.NONE) {
      verdicts[number] = verdict;
    }
    return this;
  }

  /** Lets through what one of these rules, or of those from before, lets through. */
  public SyscallFilter allow(SyscallRule[] rules) {
    // Plain loops and no collections: every login pays for what a session loads.
    for (SyscallRule r : rules) {
      int number = r.call().number(arch);
      if (number == Syscall.NONE || verdicts[number] == ALLOW) {
        continue;
      }
      if (r.conditions().length == 0) {
        verdicts[number] = ALLOW;
      } else {
        verdicts[number] = CONDITIONS;
        conditional = Arrays.copyOf(conditional, conditional.length + 1);
        conditional[conditional.length - 1] = r;
        numbers = Arrays.copyOf(numbers, conditional.length);
        numbers[conditional.length - 1] = number;
      }
    }
    return this;
  }

  /** The program, once everything has been told. */
  public byte[] program() {
    put(RETURN, 0, 0, otherwise);
    int runs = runs();
    int end = at;
    tree(0, runs - 1);
    if (arch.hasOtherCalls()) {
      // What comes after those, up to 2^32, is in no table at all.
      jumpIfAtLeast(arch.otherCalls(), (end - at) / INSTRUCTION_BYTES);
    }
    put(LOAD, 0, 0, NUMBER);
    put(RETURN, 0, 0, KILL_PROCESS);
    put(JUMP_IF_EQUAL, 1, 0, arch.auditNumber());
    put(LOAD, 0, 0, ARCHITECTURE);
    return Arrays.copyOfRange(bytes, at, bytes.length);
  }

  /** Numbers that follow each other and have the same verdict; the last run has no end. */
  private int runs() {
    int runs = 1;
    for (int n = 1; n < NUMBERS; n++) {
      if (verdicts[n] != verdicts[n - 1] || verdicts[n] == CONDITIONS) {
        starts[runs++] = n;
      }
    }
    return runs;
  }

  private void tree(int first, int last) {
    if (first == last) {
      int verdict = verdicts[starts[first]];
      if (verdict == CONDITIONS) {
        conditions(starts[first]);
      } else {
        put(RETURN, 0, 0, verdict);
      }
      return;
    }
    int middle = (first + last + 1) >>> 1;
    tree(middle, last);
    int upper = at;
    tree(first, middle - 1);
    jumpIfAtLeast(starts[middle], (upper - at) / INSTRUCTION_BYTES);
  }

  private void jumpIfAtLeast(int number, int distance) {
    if (distance <= DISTANCE_MAX) {
      put(JUMP_IF_AT_LEAST, distance, 0, number);
    } else {
      put(JUMP, 0, 0, distance);
      put(JUMP_IF_AT_LEAST, 0, 1, number);
    }
  }

  /** One rule after the other; the first that holds lets the call through. */
  private void conditions(int number) {
    put(RETURN, 0, 0, number == apart ? itsVerdict : otherwise);
    for (int r = conditional.length - 1; r >= 0; r--) {
      if (numbers[r] == number) {
        int next = at;
        put(RETURN, 0, 0, ALLOW);
        int[] c = conditional[r].conditions();
        for (int i = c.length - SyscallRule.CONDITION; i >= 0; i -= SyscallRule.CONDITION) {
          put(JUMP_IF_EQUAL, 0, (next - at) / INSTRUCTION_BYTES, c[i + 2]);
          if (c[i + 1] != ~0) {
            put(AND, 0, 0, c[i + 1]);
          }
          put(LOAD, 0, 0, ARGUMENTS + 4 * c[i]);
        }
      }
    }
  }

  /**
   * Puts a struct sock_filter in front: code, distance if true, distance if false, constant. Both
   * machines are little-endian.
   */
  private void put(int code, int ifTrue, int ifFalse, int constant) {
    if (ifTrue > DISTANCE_MAX || ifFalse > DISTANCE_MAX || at == 0) {
      throw new IllegalStateException("too much for one program");
    }
    at -= INSTRUCTION_BYTES;
    bytes[at] = (byte) code;
    bytes[at + 2] = (byte) ifTrue;
    bytes[at + 3] = (byte) ifFalse;
    bytes[at + 4] = (byte) constant;
    bytes[at + 5] = (byte) (constant >> 8);
    bytes[at + 6] = (byte) (constant >> 16);
    bytes[at + 7] = (byte) (constant >> 24);
  }
}
