/*
 * The filter is run instruction by instruction as each machine, and put to work in a JVM of its own.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SyscallFilterTest {
  private static final int KILL = 0x80000000;
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;

  private static int auditArch(Arch arch) {
    return switch (arch) {
      case X86_64 -> 0xc000003e;
      case AARCH64 -> 0xc00000b7;
    };
  }

  /**
   * Runs a program as the kernel does, and as strictly: no jump beyond the end, no unknown
   * instruction.
   */
  private static int verdict(byte[] program, int number, int arch, long... arguments) {
    ByteBuffer p = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
    int a = 0;
    for (int pc = 0; ; pc++) {
      int code = p.getShort(8 * pc);
      int k = p.getInt(8 * pc + 4);
      boolean jump;
      switch (code) {
        case 0x20 -> {
          a =
              switch (k) {
                case 0 -> number;
                case 4 -> arch;
                default -> {
                  int word = (k - 16) / 4;
                  assertTrue(k % 4 == 0 && word >= 0 && word < 12, "load of " + k);
                  long whole = word / 2 < arguments.length ? arguments[word / 2] : 0;
                  yield (int) (whole >>> 32 * (word % 2));
                }
              };
          continue;
        }
        case 0x54 -> {
          a &= k;
          continue;
        }
        case 0x05 -> {
          pc += k;
          continue;
        }
        case 0x15 -> jump = a == k;
        case 0x35 -> jump = Integer.compareUnsigned(a, k) >= 0;
        case 0x06 -> {
          return k;
        }
        default -> throw new AssertionError("code " + code);
      }
      pc += p.get(8 * pc + (jump ? 2 : 3)) & 0xff;
    }
  }

  private static final int ENOSYS = 0x00050026;
  private static final int TRAP = 0x00030000;

  /** The number of the first call that came after Linux 6.1. */
  private static final int LATER = 451;

  private static Syscall[] some() {
    return new Syscall[] {
      Syscall.EXECVE, Syscall.EXECVEAT, Syscall.KILL, Syscall.CHROOT, Syscall.READ, Syscall.FORK
    };
  }

  private static Set<Integer> numbers(Syscall[] calls, Arch arch) {
    Set<Integer> numbers = new HashSet<>();
    for (Syscall s : calls) {
      if (s.number(arch) != Syscall.NONE) {
        assertTrue(numbers.add(s.number(arch)), s.name());
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void noTwoCallsHaveOneNumber(Arch arch) {
    assertTrue(numbers(Syscall.values(), arch).size() > 120);
  }

  @ParameterizedTest
  @EnumSource
  void letsThroughWhatIsListedAndNothingElse(Arch arch) {
    for (boolean report : new boolean[] {false, true}) {
      for (Syscall[] list : new Syscall[][] {some(), Syscall.values(), {}}) {
        byte[] program = SyscallFilter.refusing(report, arch).allow(SyscallRule.of(list)).program();
        Set<Integer> allowed = numbers(list, arch);
        Set<Integer> absent = numbers(new Syscall[] {Syscall.CLONE3, Syscall.OPENAT2}, arch);
        for (int n = 0; n < 2000; n++) {
          boolean unknown = absent.contains(n) || n >= LATER;
          int expected = allowed.contains(n) ? ALLOW : unknown ? ENOSYS : report ? TRAP : EPERM;
          assertEquals(expected, verdict(program, n, auditArch(arch)), "" + n);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void looksAtArguments(Arch arch) {
    byte[] program =
        SyscallFilter.refusing(false, arch)
            .allow(
                new SyscallRule[] {
                  SyscallRule.of(Syscall.SOCKET).where(0, 2).where(1, ~04000, 1),
                  SyscallRule.of(Syscall.SOCKET).where(0, 10).where(2, 6),
                  SyscallRule.of(Syscall.PRLIMIT64).where(0, 0).whereZero(2),
                  SyscallRule.of(Syscall.FCHMOD).where(1, 07000, 0),
                  // A rule without conditions makes the other one needless, whichever comes first.
                  SyscallRule.of(Syscall.READ).where(0, 5),
                  SyscallRule.of(Syscall.READ),
                  SyscallRule.of(Syscall.READ).where(0, 6),
                })
            .program();
    int a = auditArch(arch);
    int socket = Syscall.SOCKET.number(arch);
    assertEquals(ALLOW, verdict(program, socket, a, 2, 1, 17));
    assertEquals(ALLOW, verdict(program, socket, a, 2, 04001, 17));
    assertEquals(EPERM, verdict(program, socket, a, 2, 3, 17));
    assertEquals(EPERM, verdict(program, socket, a, 2, 04003, 6));
    assertEquals(ALLOW, verdict(program, socket, a, 10, 3, 6));
    assertEquals(EPERM, verdict(program, socket, a, 10, 1, 0));
    assertEquals(EPERM, verdict(program, socket, a, 16, 1, 6));
    // The kernel takes an int from a register's lower half, and so must the filter.
    assertEquals(ALLOW, verdict(program, socket, a, 7L << 32 | 2, 1, 0));
    int limit = Syscall.PRLIMIT64.number(arch);
    assertEquals(ALLOW, verdict(program, limit, a, 0, 7, 0, 1));
    assertEquals(EPERM, verdict(program, limit, a, 0, 7, 1, 1));
    assertEquals(EPERM, verdict(program, limit, a, 0, 7, 1L << 32, 1));
    assertEquals(EPERM, verdict(program, limit, a, 1, 7, 0, 1));
    int mode = Syscall.FCHMOD.number(arch);
    assertEquals(ALLOW, verdict(program, mode, a, 9, 0777));
    assertEquals(EPERM, verdict(program, mode, a, 9, 04777));
    assertEquals(ALLOW, verdict(program, Syscall.READ.number(arch), a, 1));
    assertEquals(EPERM, verdict(program, Syscall.WRITE.number(arch), a, 1));
  }

  @ParameterizedTest
  @EnumSource
  void oneCallIsRefusedInAWayOfItsOwn(Arch arch) {
    SyscallFilter f =
        SyscallFilter.refusing(false, arch).answering(Syscall.SOCKET, Errno.EAFNOSUPPORT);
    int a = auditArch(arch);
    int socket = Syscall.SOCKET.number(arch);
    int unsupported = 0x00050061;
    assertEquals(unsupported, verdict(f.copy().program(), socket, a, 16));
    byte[] program =
        f.allow(
                new SyscallRule[] {
                  SyscallRule.of(Syscall.SOCKET).where(0, 1),
                  SyscallRule.of(Syscall.SOCKETPAIR).where(0, 1)
                })
            .copy()
            .program();
    assertEquals(ALLOW, verdict(program, socket, a, 1));
    assertEquals(unsupported, verdict(program, socket, a, 16));
    assertEquals(EPERM, verdict(program, Syscall.SOCKETPAIR.number(arch), a, 16));
    assertEquals(EPERM, verdict(program, Syscall.KILL.number(arch), a, 16));
  }

  @ParameterizedTest
  @EnumSource
  void killsForAnotherArchitecture(Arch arch) {
    byte[] program = SyscallFilter.refusing(false, arch).allow(SyscallRule.of(some())).program();
    Arch other = arch == Arch.X86_64 ? Arch.AARCH64 : Arch.X86_64;
    int i386 = 0x40000003;
    for (int n = 0; n < 500; n++) {
      assertEquals(KILL, verdict(program, n, auditArch(other)));
      assertEquals(KILL, verdict(program, n, i386));
    }
  }

  @Test
  void refusesTheSecondTableOfX8664() {
    Arch x = Arch.X86_64;
    for (int n : new int[] {0x40000000, 0x40000000 + 59, 0x40000000 + 520, 0x7fffffff, -1}) {
      byte[] allowing =
          SyscallFilter.refusing(false, x).allow(SyscallRule.of(Syscall.values())).program();
      assertEquals(EPERM, verdict(allowing, n, auditArch(x)), "" + n);
    }
  }

  /**
   * Rules may be more than a jump of eight bits reaches over; a program that is too long is
   * refused.
   */
  @Test
  void reachesWithEveryJump() {
    SyscallRule[] many = new SyscallRule[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = SyscallRule.of(Syscall.FCNTL).where(1, i);
    }
    SyscallFilter f = SyscallFilter.refusing(false, Arch.X86_64);
    byte[] program = f.allow(many).allow(SyscallRule.of(Syscall.values())).program();
    assertEquals(ALLOW, verdict(program, Syscall.FCNTL.number(Arch.X86_64), 0xc000003e, 0, 99));
    SyscallFilter g = SyscallFilter.refusing(false, Arch.X86_64).allow(many);
    byte[] longest = g.allow(SyscallRule.of(some())).program();
    assertTrue(longest.length > 8 * 300);
    for (int n = 0; n < 2000; n++) {
      boolean allowed = numbers(some(), Arch.X86_64).contains(n);
      int expected = n == 435 || n == 437 || n >= LATER ? ENOSYS : allowed ? ALLOW : EPERM;
      if (n != Syscall.FCNTL.number(Arch.X86_64)) {
        assertEquals(expected, verdict(longest, n, 0xc000003e), "" + n);
      }
    }
    assertEquals(ALLOW, verdict(longest, Syscall.FCNTL.number(Arch.X86_64), 0xc000003e, 0, 99));
    assertEquals(EPERM, verdict(longest, Syscall.FCNTL.number(Arch.X86_64), 0xc000003e, 0, 100));
    SyscallRule[] tooMany = new SyscallRule[400];
    Arrays.fill(tooMany, many[0]);
    SyscallFilter h = SyscallFilter.refusing(false, Arch.X86_64).allow(tooMany);
    assertThrows(IllegalStateException.class, h::program);
  }

  /** Filters itself while other threads run, tries to start programs, and goes on. */
  static final class Filtered {
    private static final AtomicLong RESULT = new AtomicLong();

    private static void start(String when) {
      try {
        new ProcessBuilder("/bin/true").start();
        throw new IllegalStateException("a program was started " + when);
      } catch (IOException e) {
        if (!e.getMessage().matches("(?s).*error[:=] ?1\\b.*")) {
          throw new IllegalStateException(when, e);
        }
      }
    }

    private static byte[] allButPrograms() {
      SyscallRule[] all =
          Stream.of(Syscall.values())
              .filter(s -> s != Syscall.EXECVE && s != Syscall.EXECVEAT && s != Syscall.CLONE3)
              .map(SyscallRule::of)
              .toArray(SyscallRule[]::new);
      return SyscallFilter.refusing(false).allow(all).program();
    }

    private static long work(int n) {
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Integer.toString(i).hashCode();
      }
      return sum;
    }

    public static void main(String[] arguments) throws Exception {
      if (new ProcessBuilder("/bin/true").start().waitFor() != 0) {
        throw new IllegalStateException("no /bin/true");
      }
      CountDownLatch filtered = new CountDownLatch(1);
      CountDownLatch tried = new CountDownLatch(1);
      Thread earlier =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  filtered.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                start("by a thread that was there before");
                tried.countDown();
              });
      int r = Native.seccomp(allButPrograms(), false);
      if (r != 0) {
        throw new IllegalStateException("seccomp answered " + r);
      }
      filtered.countDown();
      tried.await();
      earlier.join();
      start("by the thread that has the filter");
      byte[] sh = "/bin/sh".getBytes(StandardCharsets.US_ASCII);
      if (Processes.spawn(sh, new byte[][] {sh}, new byte[0][], 0, 2) != -Errno.EPERM) {
        throw new IllegalStateException("posix_spawn");
      }
      // This is hot enough for the compiler, and makes garbage enough for several collections.
      for (int i = 0; i < 200; i++) {
        RESULT.addAndGet(work(10_000));
      }
      System.gc();
      Thread.ofPlatform().start(() -> RESULT.addAndGet(work(1000))).join();
      Thread.ofVirtual().start(() -> RESULT.addAndGet(work(1000))).join();
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        for (Path task : tasks.toList()) {
          String status = Files.readString(task.resolve("status"));
          if (!status.contains("\nNoNewPrivs:\t1\n") || !status.contains("\nSeccomp:\t2\n")) {
            throw new IllegalStateException(status);
          }
        }
      }
      System.out.print("filtered");
    }
  }

  @Test
  void startsNoProgramOnAnyThreadAndGoesOn() throws Exception {
    assertEquals("filtered", ForkedJvm.run(Filtered.class, "-Xmx16m"));
  }
}
