package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/**
 * However many sessions end, and however they end, the monitor and the gate keep nothing of them.
 */
@Tag("alone")
class SoakIT {
  private static final int SESSIONS = 150;
  private static final int AT_ONCE = 6;
  private static final int SPARES = 2;

  /** Kilobytes that the heap may grow by; a leak in each of so many sessions adds up to more. */
  private static final long HEAP_GROWTH = 600;

  private static final long RSS_GROWTH = 16_000;

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o =
        Chain.options()
            .with("--java", "-XX:-DisableAttachMechanism")
            .set("MAX_PER_IP", "100")
            .set("MAX_PER_USER", "100")
            .set("SPARES", SPARES + "-" + SPARES);
    for (int t = 0; t < AT_ONCE; t++) {
      o.user("user" + t);
    }
    chain = o.start();
    for (int t = 0; t < AT_ONCE; t++) {
      Files.write(chain.user("user" + t).home().resolve("big"), new byte[16 << 20]);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private record State(
      int monitorFiles, int gateFiles, int monitorThreads, int gateThreads, long heap, long rss) {}

  @Test
  void nothingIsLeftOfManySessions() throws Exception {
    long gate = chain.children("gate").getFirst();
    // The monitor and the gate load classes when they first serve a session; that is no leak.
    run(30);
    State before = settled(gate);
    run(SESSIONS);
    // Threads of their own close what sessions leave, some of it later.
    Chain.eventually(
        "no more descriptors than before",
        () ->
            count(chain.monitor(), "fd") <= before.monitorFiles
                && count(gate, "fd") <= before.gateFiles);
    State after = settled(gate);
    String both = before + " became " + after;
    assertEquals(gate, chain.children("gate").getFirst());
    assertEquals(before.monitorFiles, after.monitorFiles, both);
    assertEquals(before.gateFiles, after.gateFiles, both);
    // The monitor keeps threads that ask credential modules for a while.
    assertTrue(after.monitorThreads <= before.monitorThreads + AT_ONCE, both);
    assertTrue(after.gateThreads <= before.gateThreads + 1, both);
    assertTrue(after.heap <= before.heap + HEAP_GROWTH, both);
    assertTrue(after.rss <= before.rss + RSS_GROWTH, both);
  }

  private static void run(int sessions) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < AT_ONCE; t++) {
      String user = "user" + t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = next.getAndIncrement(); i < sessions; i = next.getAndIncrement()) {
                  try {
                    session(user, i);
                  } catch (IOException | AssertionError e) {
                    failures.add(i + ": " + e);
                  }
                }
              }));
    }
    for (Thread t : threads) {
      assertTrue(t.join(java.time.Duration.ofSeconds(150)), "not within 150 s");
    }
    assertEquals(List.of(), failures);
  }

  private static void session(String user, int i) throws IOException {
    if (i % 10 == 9) {
      // This client never logs in.
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER nobody");
      }
      return;
    }
    try (Dialogue d = chain.login(user)) {
      d.expect(200, "TYPE I");
      d.store("STOR file" + i, new byte[5000]);
      assertEquals(5000, d.fetch("RETR file" + i).length);
      d.expect(250, "DELE file" + i);
      switch (i % 5) {
        case 0 -> d.expect(221, "QUIT");
        case 1 -> abort(d);
        case 2 -> hangUpInATransfer(d);
        case 3 -> kill(user);
        default -> d.expect(257, "PWD");
      }
    }
  }

  private static void abort(Dialogue d) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(1000);
      d.send("ABOR\r\n");
      d.expect(426);
      d.expect(226);
    }
    d.expect(221, "QUIT");
  }

  private static void hangUpInATransfer(Dialogue d) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(1000);
      d.socket().setSoLinger(true, 0);
      d.socket().close();
    }
  }

  /** Kills the session of that user, who has one at a time. */
  private static void kill(String user) throws IOException {
    for (long pid : chain.sessionsOf(user)) {
      Chain.signal("KILL", pid);
    }
  }

  private static State settled(long gate) throws Exception {
    Chain.eventually(
        "no session left, and the spares",
        () -> {
          List<Long> all = chain.children("session");
          return all.size() == SPARES && all.stream().allMatch(p -> Chain.uid(p) == 0);
        });
    TimeUnit.SECONDS.sleep(2);
    // This comes first, since the first jcmd makes the monitor open files that the next ones use.
    long heap = heap(chain.monitor());
    return new State(
        count(chain.monitor(), "fd"),
        count(gate, "fd"),
        count(chain.monitor(), "task"),
        count(gate, "task"),
        heap,
        rss(gate));
  }

  private static int count(long pid, String what) {
    return Path.of("/proc/" + pid + "/" + what).toFile().list().length;
  }

  /** Kilobytes in use after a collection. */
  private static long heap(long pid) throws Exception {
    jcmd(pid, "GC.run");
    Matcher m =
        Pattern.compile("(?:DefNew|Tenured)\\s+total \\d+K, used (\\d+)K")
            .matcher(jcmd(pid, "GC.heap_info"));
    long used = 0;
    int generations = 0;
    while (m.find()) {
      used += Long.parseLong(m.group(1));
      generations++;
    }
    assertEquals(2, generations);
    return used;
  }

  private static String jcmd(long pid, String command) throws Exception {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process p =
        new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, p.waitFor(), said);
    return said;
  }

  private static long rss(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(l -> l.startsWith("VmRSS:"))
          .map(l -> Long.parseLong(l.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
