/*
 * Trusted to make programs for the kernel's filter that let through what their makers have listed, and nothing else.
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

  /** The verdict on a call whose arguments have to be looked at. */
  private static final int CONDITIONS = 1;

  /** The number of the first call that Linux 6.1 does not have. */
  private static final int LATER = 451;

  /** How many numbers have a verdict; the last one stands for all that come after it. */
  private static final int NUMBERS = LATER + 1;

  private static final int INSTRUCTIONS = 1024;

  private static final SyscallRule[] NO_RULES = {};

  private final Arch arch;
  private final int otherwise;
  private final int[] verdicts;
  private SyscallRule[] conditional = NO_RULES;

  /** The call that has an error of its own where it is refused. */
  private int apart = Syscall.NONE;

  /** How the call {@link #apart} is refused. */
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
    // These arrays are replaced when they grow and never written to, so both filters may have them.
    this.conditional = other.conditional;
    this.numbers = other.numbers;
    this.apart = other.apart;
    this.itsVerdict = other.itsVerdict;
  }

  /** A copy that can be given more rules. This filter's program must not have been made yet. */
  public SyscallFilter copy() {
    return new SyscallFilter(this);
  }

  /**
   * Makes a filter that refuses every call that no rule lets through.
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

  /** Gives a call an error of its own for where it is refused; only one call can have that. */
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

  /** Adds rules. A call is let through when any rule lets it through. */
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

  /** Makes the program of all rules that were added; to be called once. */
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

  /**
   * Finds the runs of numbers that have the same verdict, and counts them. The last run has no end.
   */
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

  /**
   * Writes the rules for a call one after the other; the first that holds lets the call through.
   */
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
   * Puts a struct sock_filter in front: code, distance if true, distance if false, constant. The
   * low byte comes first, as on each machine of {@link Arch}.
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
