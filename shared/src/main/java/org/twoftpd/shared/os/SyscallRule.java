package org.twoftpd.shared.os;

import java.util.Arrays;

/**
 * A system call that a filter lets through, whatever its arguments or only with some of them. The
 * kernel shows a filter the arguments as numbers (seccomp(2)): what a pointer leads to cannot be a
 * condition.
 */
public final class SyscallRule {
  /**
   * A condition is so many numbers: which half of which argument, which of its bits count, and what
   * they must be.
   */
  static final int CONDITION = 3;

  private static final int ALL = ~0;

  private final Syscall call;
  private final int[] conditions;

  private SyscallRule(Syscall call, int[] conditions) {
    this.call = call;
    this.conditions = conditions;
  }

  /** A rule that lets a call through with any arguments. */
  public static SyscallRule of(Syscall call) {
    return new SyscallRule(call, new int[0]);
  }

  /** Rules that let each of these calls through with any arguments. */
  public static SyscallRule[] of(Syscall... calls) {
    SyscallRule[] rules = new SyscallRule[calls.length];
    for (int i = 0; i < calls.length; i++) {
      rules[i] = of(calls[i]);
    }
    return rules;
  }

  /**
   * The same rule with one more condition: an argument of the type int has that value.
   *
   * @param argument from 0 to 5
   */
  public SyscallRule where(int argument, int value) {
    return and(2 * argument, ALL, value);
  }

  /**
   * The same rule with one more condition: the bits of an int that are in the mask have that value.
   */
  public SyscallRule where(int argument, int mask, int value) {
    return and(2 * argument, mask, value);
  }

  /** The same rule with one more condition: an argument of 64 bits is 0, or null. */
  public SyscallRule whereZero(int argument) {
    return and(2 * argument, ALL, 0).and(2 * argument + 1, ALL, 0);
  }

  private SyscallRule and(int half, int mask, int value) {
    int n = conditions.length;
    int[] more = Arrays.copyOf(conditions, n + CONDITION);
    more[n] = half;
    more[n + 1] = mask;
    more[n + 2] = value;
    return new SyscallRule(call, more);
  }

  Syscall call() {
    return call;
  }

  /** Not to be changed. */
  int[] conditions() {
    return conditions;
  }
}
