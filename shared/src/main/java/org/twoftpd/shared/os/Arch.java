package org.twoftpd.shared.os;

/**
 * The machines that twoftpd runs on, with all in which their kernel's interface differs. A further
 * machine that has the table of system calls which newer machines share (riscv64, loongarch64) is
 * one more row here, two lines in src/main/c/refusals.c, and its names in src/package/image, which
 * also needs libraries that are made for it, and in debian/pom.xml.
 */
public enum Arch {
  X86_64("amd64", 0xc000003e, Arch.X32_CALLS, Syscall.OF_X86_64, 0200000, 0400000),
  AARCH64("aarch64", 0xc00000b7, Arch.NO_OTHER_CALLS, Syscall.SHARED, 040000, 0100000);

  /**
   * Calls of the x32 table have this bit in their number, and the kernel tells a filter the same
   * architecture for them (__X32_SYSCALL_BIT in asm/unistd.h).
   */
  private static final int X32_CALLS = 0x40000000;

  private static final int NO_OTHER_CALLS = -1;

  private static final Arch CURRENT = of(System.getProperty("os.arch"));

  private final String javaName;
  private final int auditNumber;
  private final int otherCalls;
  private final int callColumn;
  private final int directoryFlag;
  private final int noFollowFlag;

  /**
   * @param javaName the property os.arch of a virtual machine
   * @param auditNumber AUDIT_ARCH_ of linux/audit.h
   * @param otherCalls from which number on calls belong to another table of the same machine
   * @param callColumn which numbers of {@link Syscall} it has
   * @param directoryFlag O_DIRECTORY
   * @param noFollowFlag O_NOFOLLOW
   */
  Arch(
      String javaName,
      int auditNumber,
      int otherCalls,
      int callColumn,
      int directoryFlag,
      int noFollowFlag) {
    this.javaName = javaName;
    this.auditNumber = auditNumber;
    this.otherCalls = otherCalls;
    this.callColumn = callColumn;
    this.directoryFlag = directoryFlag;
    this.noFollowFlag = noFollowFlag;
  }

  /** The machine that this process runs on. */
  public static Arch current() {
    return CURRENT;
  }

  private static Arch of(String name) {
    for (Arch arch : values()) {
      if (arch.javaName.equals(name)) {
        return arch;
      }
    }
    throw new IllegalStateException("twoftpd is not made for a machine of the kind " + name);
  }

  /** How a filter is told of this machine, AUDIT_ARCH_ of linux/audit.h. */
  int auditNumber() {
    return auditNumber;
  }

  /** True when the kernel takes calls of another table too and names the same machine for them. */
  boolean hasOtherCalls() {
    return otherCalls != NO_OTHER_CALLS;
  }

  /** From which number on calls belong to that other table. */
  int otherCalls() {
    return otherCalls;
  }

  int callColumn() {
    return callColumn;
  }

  int directoryFlag() {
    return directoryFlag;
  }

  int noFollowFlag() {
    return noFollowFlag;
  }
}
