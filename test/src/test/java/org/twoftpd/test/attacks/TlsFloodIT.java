/*
 * Row 58: one address begins handshakes without end, each of which costs the service a signature, while others log in.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Hello;
import org.twoftpd.test.harness.SecureDialogue;

@Tag("alone")
@Timeout(600)
class TlsFloodIT {
  /** With 10,000 it takes some minutes: nobody has more than his share. */
  private static final int HELLOS = Integer.getInteger("twoftpd.hellos", 500);

  private static final int THREADS = 8;
  private static final long SLOWEST_MILLIS = 10_000;
  private static final long MOST_MORE_KB = 100_000;

  private Chain chain;
  private final AtomicInteger said = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  private void flood(byte[] hello) {
    while (said.incrementAndGet() <= HELLOS) {
      try (Dialogue d = chain.connectFrom("127.9.9.9")) {
        d.expect(220);
        d.expect(234, "AUTH TLS");
        d.send(hello);
        if (d.read(1)[0] == Hello.HANDSHAKE) {
          answered.incrementAndGet();
        }
      } catch (IOException | AssertionError | ArrayIndexOutOfBoundsException e) {
        // The service has had enough of this address for the moment.
      }
    }
  }

  private long millisToLogIn() throws Exception {
    long begin = System.nanoTime();
    try (SecureDialogue d = new SecureDialogue(chain.port())) {
      d.login(chain.user("alice"));
    }
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private static long kilobytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(l -> l.startsWith("VmRSS:"))
        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
        .sum();
  }

  private static int descriptors(long pid) {
    String[] open = Path.of("/proc/" + pid + "/fd").toFile().list();
    return open == null ? -1 : open.length;
  }

  @Test
  void row58_aFloodOfHellosDelaysNobodyElse() throws Exception {
    try (Chain c = Chain.options().user("alice").with("--tls", "on").start()) {
      chain = c;
      List<Long> before = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        before.add(millisToLogIn());
      }
      long gate = chain.children("gate").getFirst();
      long monitor = chain.monitor();
      long kilobytes = kilobytes(gate) + kilobytes(monitor);
      int descriptors = descriptors(gate);
      byte[] hello = Hello.of("TLSv1.3");
      List<Thread> threads = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < THREADS; i++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> flood(hello)));
      }
      List<Long> during = new ArrayList<>();
      while (said.get() < HELLOS) {
        during.add(millisToLogIn());
      }
      for (Thread t : threads) {
        t.join();
      }
      long millis = (System.nanoTime() - begin) / 1_000_000;
      long more = kilobytes(gate) + kilobytes(monitor) - kilobytes;
      System.out.println(
          "hellos: "
              + answered
              + " of "
              + HELLOS
              + " answered in "
              + millis
              + " ms; logins before "
              + told(before)
              + ", during "
              + told(during)
              + "; "
              + more
              + " KB more");
      assertTrue(during.size() >= 3, () -> "only " + during.size() + " logins");
      assertTrue(Collections.max(during) < SLOWEST_MILLIS, () -> told(during));
      assertTrue(answered.get() > THREADS, () -> "only " + answered + " hellos were answered");
      assertTrue(more < MOST_MORE_KB, () -> more + " KB");
      Chain.eventually("nothing is left", () -> descriptors(gate) <= descriptors);
    }
  }

  private static String told(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.size()
        + " of "
        + sorted.get(sorted.size() / 2)
        + " ms, "
        + sorted.getLast()
        + " ms at most";
  }
}
