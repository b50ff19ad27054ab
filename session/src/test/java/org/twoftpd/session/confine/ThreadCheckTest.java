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

/** Shows that the check finds one thread that differs among many that do not. */
final class ThreadCheckTest {
  /** This id has one digit as root's has, so that the check must compare the digit itself. */
  private static final int OTHER_ID = 7;

  /** Reads the lines that the kernel writes for the threads of this process. */
  private static byte[][] actualLines() throws Exception {
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

  private static ThreadCheck openCheck() throws Confinement.Failed {
    ThreadCheck check = ThreadCheck.open();
    check.openStatuses();
    return check;
  }

  @Test
  void idsThatNoThreadHasAreRefused() throws Exception {
    ThreadCheck check = openCheck();
    Confinement.Failed e =
        assertThrows(
            Confinement.Failed.class, () -> check.requireIds(OTHER_ID, OTHER_ID, new int[0]));
    assertTrue(e.getMessage().startsWith("the status of a thread lacks: Uid:"), e.getMessage());
  }

  @Test
  void oneThreadThatDiffersIsFoundAmongMany() throws Exception {
    byte[][] actualLines = actualLines();
    openCheck().requireLines(actualLines);
    CountDownLatch changed = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              // setfsuid(2) is the one change of ids that concerns the calling thread alone.
              int before = Native.setfsuid(OTHER_ID);
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
      ThreadCheck check = openCheck();
      Confinement.Failed e =
          assertThrows(Confinement.Failed.class, () -> check.requireLines(actualLines));
      assertTrue(e.getMessage().startsWith("the status of a thread lacks: Uid:"), e.getMessage());
    } finally {
      done.countDown();
      other.join();
    }
    openCheck().requireLines(actualLines);
  }
}
