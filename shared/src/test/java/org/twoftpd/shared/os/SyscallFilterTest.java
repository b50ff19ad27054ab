/*
 * The filter, instruction by instruction for both machines, and at work in a JVM of its own.
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
   * As the kernel runs it, and as strict: no instruction beyond the end, none that is not known.
   */
  private static int verdict(byte[] program, int number, int arch) {
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
                default -> throw new AssertionError("load of " + k);
              };
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

  @ParameterizedTest
  @EnumSource
  void deniesWhatIsListedAndNothingElse(Arch arch) {
    byte[] program = SyscallFilter.denying(Syscall.values(), arch);
    Set<Integer> denied = new HashSet<>();
    for (Syscall s : Syscall.values()) {
      if (s.number(arch) != Syscall.NONE) {
        assertTrue(denied.add(s.number(arch)), s.name());
      }
    }
    for (int n = 0; n < 2000; n++) {
      assertEquals(
          denied.contains(n) ? EPERM : ALLOW, verdict(program, n, auditArch(arch)), "" + n);
    }
  }

  @ParameterizedTest
  @EnumSource
  void killsForAnotherArchitecture(Arch arch) {
    byte[] program = SyscallFilter.denying(Syscall.values(), arch);
    Arch other = arch == Arch.X86_64 ? Arch.AARCH64 : Arch.X86_64;
    int i386 = 0x40000003;
    for (int n = 0; n < 500; n++) {
      assertEquals(KILL, verdict(program, n, auditArch(other)));
      assertEquals(KILL, verdict(program, n, i386));
    }
  }

  @Test
  void deniesTheSecondTableOfX8664() {
    byte[] program = SyscallFilter.denying(new Syscall[] {Syscall.EXECVE}, Arch.X86_64);
    for (int n : new int[] {0x40000000, 0x40000000 + 59, 0x40000000 + 520, 0x7fffffff, -1}) {
      assertEquals(EPERM, verdict(program, n, auditArch(Arch.X86_64)), "" + n);
    }
  }

  private static Syscall[] copies(int n) {
    Syscall[] all = new Syscall[n];
    Arrays.fill(all, Syscall.EXECVE);
    return all;
  }

  @Test
  void reachesWithEveryJump() {
    for (int n : new int[] {0, 1, 2, 249, 250}) {
      byte[] program = SyscallFilter.denying(copies(n), Arch.X86_64);
      assertEquals(n == 0 ? ALLOW : EPERM, verdict(program, 59, auditArch(Arch.X86_64)));
      assertEquals(ALLOW, verdict(program, 60, auditArch(Arch.X86_64)));
      assertEquals(EPERM, verdict(program, 0x40000000, auditArch(Arch.X86_64)));
    }
    Syscall[] many = copies(251);
    assertThrows(IllegalArgumentException.class, () -> SyscallFilter.denying(many, Arch.X86_64));
  }

  /** Filters itself while other threads are there, tries to start programs, then goes on. */
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
      int r = Native.seccomp(SyscallFilter.denyingAll());
      if (r != 0) {
        throw new IllegalStateException("seccomp answered " + r);
      }
      filtered.countDown();
      tried.await();
      earlier.join();
      start("by the thread that has the filter");
      byte[] sh = "/bin/sh".getBytes(StandardCharsets.US_ASCII);
      if (Native.spawn(sh, new byte[][] {sh}, new byte[0][], 0, 2) != -Errno.EPERM) {
        throw new IllegalStateException("posix_spawn");
      }
      // Hot enough for the compiler, with garbage enough for several collections.
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
