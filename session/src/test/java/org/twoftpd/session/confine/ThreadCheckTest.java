/*
 * The check of a session's threads is worth what it refuses: here one thread among many is not like the others.
 */
package org.twoftpd.session.confine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.Native;

final class ThreadCheckTest {
  /** As long as root's in writing, so that nothing but the number itself gives it away. */
  private static final int ANOTHER = 7;

  /** What is true of this process's threads, as the kernel says it of one of them. */
  private static byte[][] truth() throws Exception {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    byte[][] lines = new byte[4][];
    String[] names = {"Uid:", "Gid:", "Groups:", "CapInh:"};
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      String line = status.stream().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
      lines[i] = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
    return lines;
  }

  private static ThreadCheck listed() throws Confinement.Failed {
    ThreadCheck check = ThreadCheck.open();
    check.list();
    return check;
  }

  @Test
  void idsThatNoThreadHasAreRefused() throws Exception {
    ThreadCheck check = listed();
    Confinement.Failed e =
        assertThrows(Confinement.Failed.class, () -> check.check(ANOTHER, ANOTHER, new int[0]));
    assertTrue(e.getMessage().startsWith("a thread has not: Uid:"), e.getMessage());
  }

  @Test
  void oneThreadThatDiffersIsFoundAmongMany() throws Exception {
    byte[][] truth = truth();
    listed().check(truth);
    CountDownLatch changed = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              // That of files alone is a thread's own, and nobody else's.
              int before = Native.setfsuid(ANOTHER);
              changed.countDown();
              try {
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Native.setfsuid(before);
            });
    try {
      changed.await();
      ThreadCheck check = listed();
      Confinement.Failed e = assertThrows(Confinement.Failed.class, () -> check.check(truth));
      assertTrue(e.getMessage().startsWith("a thread has not: Uid:"), e.getMessage());
    } finally {
      done.countDown();
      other.join();
    }
    listed().check(truth);
  }
}
