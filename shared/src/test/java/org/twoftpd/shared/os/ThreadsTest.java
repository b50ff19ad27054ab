/*
 * On every thread of a JVM there must be room for the library's copies on a small stack, and no way back to root.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ThreadsTest {
  /** Makes the calls with the largest copies at every depth of a stack that overflows. */
  static final class DeepStack {
    /** The stack of a session's second thread. */
    private static final int SMALLEST = 160 << 10;

    private static final byte[] BUFFER = new byte[65536];
    private static final byte[] NAME = {'.', 0};
    private static final long[] STATUS = new long[9];

    private static int descend(int fd, int depth) {
      Native.lseek(fd, 0, 0);
      Native.read(fd, BUFFER, 0, BUFFER.length);
      Native.recvmsg(fd, BUFFER, 0, BUFFER.length, new int[1]);
      Native.renameat2(-100, new byte[4000], -100, new byte[4000], 0);
      Native.statxEach(-100, NAME, NAME.length, 0, STATUS);
      return depth < 1_000_000 ? 1 + descend(fd, depth + 1) : 0;
    }

    public static void main(String[] arguments) throws InterruptedException {
      overflow();
      Thread second = new Thread(null, DeepStack::overflow, "second", SMALLEST);
      second.start();
      second.join();
    }

    private static void overflow() {
      int fd =
          Native.openat(
              -100, System.getProperty("twoftpd.native").getBytes(StandardCharsets.UTF_8), 0, 0);
      for (int i = 0; i < 5; i++) {
        try {
          descend(fd, 0);
        } catch (StackOverflowError expected) {
          System.out.print("overflow ");
        }
        System.gc();
      }
    }
  }

  @Test
  void aSmallStackHasRoomForTheCopies() throws Exception {
    assertEquals("overflow ".repeat(10), ForkedJvm.run(DeepStack.class, "-Xss256k", "-Xmx32m"));
  }

  /** Gives up root while other threads wait in a call, then looks at every thread. */
  static final class Drop {
    private static void must(int expected, int result, String call) {
      if (result != expected) {
        throw new IllegalStateException(call + " answered " + result);
      }
    }

    public static void main(String[] arguments) throws Exception {
      int[] interrupted = new int[3];
      CountDownLatch started = new CountDownLatch(interrupted.length);
      List<Thread> waiting = new ArrayList<>();
      for (int i = 0; i < interrupted.length; i++) {
        int index = i;
        waiting.add(
            Thread.ofPlatform()
                .name("waits")
                .start(() -> {
                  started.countDown();
                  interrupted[index] = Native.poll(new int[0], new short[0], 0, 20_000);
                }));
      }
      started.await();
      while (asleep("waits") < interrupted.length) {
        Thread.sleep(10);
      }
      Thread.sleep(100);
      must(0, Native.setgroups(new int[] {4243}), "setgroups");
      must(0, Native.setresgid(4242, 4242, 4242), "setresgid");
      must(0, Native.setresuid(4241, 4241, 4241), "setresuid");
      must(-Errno.EPERM, Native.setresuid(0, 0, 0), "setresuid(0)");
      must(-Errno.EPERM, Native.setresgid(0, 0, 0), "setresgid(0)");
      must(-Errno.EPERM, Native.setgroups(new int[0]), "setgroups()");
      must(-Errno.EPERM, Native.chroot(new byte[] {'/'}), "chroot");
      for (Thread t : waiting) {
        t.join();
      }
      for (int r : interrupted) {
        must(-Errno.EINTR, r, "a poll of another thread");
      }
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        for (Path task : tasks.toList()) {
          String status = readOfThread(task, "status");
          if (!status.isEmpty()) {
            inspect(status);
          }
        }
      }
      System.out.print("dropped");
    }

    /** How many threads of that name sleep in some call. */
    private static long asleep(String name) throws IOException {
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        long all = 0;
        for (Path task : tasks.toList()) {
          all += readOfThread(task, "stat").contains("(" + name + ") S ") ? 1 : 0;
        }
        return all;
      }
    }

    /** A thread that has ended since it was listed has no file, and reads as nothing. */
    private static String readOfThread(Path task, String name) throws IOException {
      try {
        return Files.readString(task.resolve(name));
      } catch (IOException e) {
        if (Files.exists(task)) {
          throw e;
        }
        return "";
      }
    }

    private static void inspect(String status) throws IOException {
      for (String line :
          List.of(
              "Uid:\t4241\t4241\t4241\t4241",
              "Gid:\t4242\t4242\t4242\t4242",
              "Groups:\t4243 ",
              "CapPrm:\t0000000000000000",
              "CapEff:\t0000000000000000")) {
        if (!status.contains("\n" + line + "\n")) {
          throw new IOException("no " + line + " in " + status);
        }
      }
    }
  }

  @Test
  void everyThreadGivesUpRoot() throws Exception {
    assumeTrue(Native.geteuid() == 0, "needs root");
    assertEquals("dropped", ForkedJvm.run(Drop.class));
  }
}
