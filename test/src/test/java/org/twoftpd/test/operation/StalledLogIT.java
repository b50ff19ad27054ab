/*
 * When a log is slow or stands still, or a user causes many lines, nobody else is delayed, and the lines that are missing are
 * counted.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

@Tag("alone")
@Timeout(300)
class StalledLogIT {
  private static final int FLOODERS = 8;

  /**
   * A login takes some milliseconds when the log does not delay it, and for ever when it does;
   * machines of tests are busy.
   */
  private static final long LATEST_NANOS = 20_000_000_000L;

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.ofAliceAndBob();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** A monitor beside the chain's with the same accounts; its journal is a socket of this test. */
  private static final class Service implements AutoCloseable {
    final int journal = Native.socket(1, 2, 0);
    final Process monitor;
    final int port;
    private final byte[] datagram = new byte[65536];

    Service(String name, String... settings) throws Exception {
      List<String> command = commandOfTheChain();
      Path ran = Path.of(command.get(command.indexOf("--config") + 1)).getParent();
      Path place = Files.createDirectory(chain.directory().resolve(name));
      Files.createDirectory(place.resolve("empty"));
      Path socket = place.resolve("socket");
      Path stderr = Files.createFile(place.resolve("stderr"));
      List<String> lines = new ArrayList<>(List.of(settings));
      lines.addAll(
          List.of(
              "LISTEN=127.0.0.1:0",
              "GATE_USER=64021:64021",
              "TLS=off",
              "MAX_PER_IP=100",
              "MAX_PER_USER=100",
              "CVM=cvm-local:" + ran.resolve("cvm")));
      Path config = Files.write(place.resolve("conf"), lines);
      byte[] address = new byte[2 + socket.toString().length()];
      address[0] = 1;
      System.arraycopy(
          socket.toString().getBytes(StandardCharsets.US_ASCII), 0, address, 2, address.length - 2);
      assertEquals(0, Native.bind(journal, address));
      command.set(command.indexOf("--config") + 1, config.toString());
      command.set(command.indexOf("--runtime") + 1, place.toString());
      command.addAll(List.of("--journal", socket.toString()));
      ProcessBuilder b = new ProcessBuilder(command).redirectError(stderr.toFile());
      b.environment().put("JOURNAL_STREAM", stream(stderr));
      monitor = b.start();
      String listening = "";
      while (!listening.startsWith("listening ")) {
        listening = next(60_000);
      }
      port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    }

    private static List<String> commandOfTheChain() throws IOException {
      String line =
          Files.readString(
              Path.of("/proc/" + chain.monitor() + "/cmdline"), StandardCharsets.ISO_8859_1);
      return new ArrayList<>(List.of(line.split("\0")));
    }

    private static String stream(Path file) throws Exception {
      Process stat = new ProcessBuilder("stat", "-c", "%d:%i", file.toString()).start();
      String s = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(0, stat.waitFor());
      return s.trim();
    }

    /** The next line that the journal gets, or null when none comes within that time. */
    String next(int millis) {
      int n = Native.read(journal, datagram, 0, datagram.length);
      if (n == -Errno.EAGAIN && Native.poll(new int[] {journal}, new short[] {1}, 1, millis) == 1) {
        n = Native.read(journal, datagram, 0, datagram.length);
      }
      if (n < 0) {
        return null;
      }
      String text = new String(datagram, 0, n, StandardCharsets.US_ASCII);
      return text.substring("MESSAGE=".length(), text.indexOf('\n'));
    }

    Dialogue login(String name) throws IOException {
      Dialogue d = new Dialogue("127.0.0.1", port);
      d.expect(220);
      return chain.login(d, name);
    }

    @Override
    public void close() throws Exception {
      monitor.destroy();
      assertTrue(monitor.waitFor(30, TimeUnit.SECONDS), "the end waits for no log");
      Native.close(journal);
    }
  }

  /** Sends so many commands in each session, each of which is logged; returns what to wait for. */
  private static List<Future<Void>> flood(
      ExecutorService threads, List<Dialogue> sessions, int commands) {
    List<Future<Void>> floods = new ArrayList<>();
    for (Dialogue d : sessions) {
      Callable<Void> sends =
          () -> {
            d.send("DELE nothing\r\n".repeat(commands));
            return null;
          };
      Callable<Void> reads =
          () -> {
            for (int i = 0; i < commands; i++) {
              d.expect(550);
            }
            return null;
          };
      floods.add(threads.submit(sends));
      floods.add(threads.submit(reads));
    }
    return floods;
  }

  /** Others log in and store as fast as usual. */
  private static void assertOthersGoOn(Service service, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      long begin = System.nanoTime();
      try (Dialogue d = service.login("bob")) {
        d.store("STOR of-bob", new byte[] {1});
        d.expect(221, "QUIT");
      }
      long took = System.nanoTime() - begin;
      assertTrue(took < LATEST_NANOS, () -> took / 1_000_000 + " ms");
    }
  }

  private static long sum(List<String> lines, String regex) {
    Pattern p = Pattern.compile(regex);
    return lines.stream()
        .map(p::matcher)
        .filter(Matcher::matches)
        .mapToLong(m -> Long.parseLong(m.group(1)))
        .sum();
  }

  private static long count(List<String> lines, String begin) {
    return lines.stream().filter(l -> l.startsWith(begin)).count();
  }

  @Test
  void row47_aJournalThatStandsStillHoldsUpNobodyAndWhatIsMissingIsCounted() throws Exception {
    int commands = 4000;
    long all = (long) FLOODERS * commands;
    List<Dialogue> sessions = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        Service service = new Service("still")) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < FLOODERS; i++) {
        sessions.add(service.login("alice"));
      }
      while (count(lines, "login user=alice") < FLOODERS) {
        lines.add(service.next(20_000));
      }
      // From here on nobody reads the journal.
      List<Future<Void>> floods = flood(threads, sessions, commands);
      assertOthersGoOn(service, 5);
      for (Future<Void> f : floods) {
        f.get(120, TimeUnit.SECONDS);
      }
      // The journal is read again. Each session ends, and tells how many lines it could not send.
      for (Dialogue d : sessions) {
        d.send("QUIT\r\n");
      }
      lines.clear();
      long accounted = 0;
      for (int ends = 0; ends < 5 || accounted < all; ) {
        String line = service.next(20_000);
        assertTrue(line != null, accounted + " of " + all + " and no more");
        lines.add(line);
        accounted += accounted(List.of(line));
        ends += line.startsWith("end user=bob") ? 1 : 0;
      }
      assertTrue(accounted <= all + 3 * FLOODERS, accounted + " of " + all);
      assertTrue(count(lines, "lost ") > 0 && count(lines, "delete user=alice ") > 0);
      // None of bob's is missing.
      assertEquals(5, count(lines, "login user=bob"));
      assertEquals(5, count(lines, "upload user=bob"));
      assertEquals(0, sum(lines, "lost lines=(\\d+) from=sessions user=bob.*"));
    } finally {
      for (Dialogue d : sessions) {
        d.close();
      }
    }
  }

  /** Lines of alice's that are logged or counted as lost; lines about her sessions may be too. */
  private static long accounted(List<String> lines) {
    return count(lines, "delete user=alice ")
        + sum(lines, "unheard user=alice .* lines=(\\d+)")
        + sum(lines, "lost lines=(\\d+) from=sessions user=alice");
  }

  /** A journal that takes a thousand lines a second slows down those who cause more. */
  @Test
  void row47_aSlowJournalSlowsDownThoseWhoFillIt() throws Exception {
    int commands = 1000;
    long all = (long) FLOODERS * commands;
    List<Dialogue> sessions = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        Service service = new Service("slow")) {
      for (int i = 0; i < FLOODERS; i++) {
        sessions.add(service.login("alice"));
      }
      Future<Void> reader =
          threads.submit(() -> {
            for (long accounted = 0; accounted < all; ) {
              for (int i = 0; i < 10 && accounted < all; i++) {
                String line = service.next(20_000);
                assertTrue(line != null, accounted + " of " + all + " and no more");
                accounted += accounted(List.of(line));
              }
              Thread.sleep(10);
            }
            return null;
          });
      List<Future<Void>> floods = flood(threads, sessions, commands);
      assertOthersGoOn(service, 3);
      for (Future<Void> f : floods) {
        f.get(120, TimeUnit.SECONDS);
      }
      // Each session ends, and tells how many lines it could not send.
      for (Dialogue d : sessions) {
        d.send("QUIT\r\n");
      }
      reader.get(120, TimeUnit.SECONDS);
    } finally {
      for (Dialogue d : sessions) {
        d.close();
      }
    }
  }

  @Test
  void row47_aTransferLogThatStandsStillHoldsUpNobody() throws Exception {
    Path image = chain.directory().resolve("image");
    Path place = Files.createDirectory(chain.directory().resolve("frozen"));
    run("truncate", "-s", "8M", image.toString());
    run("mkfs.ext4", "-q", image.toString());
    run("mount", "-o", "loop", image.toString(), place.toString());
    try (Service service = new Service("transfers", "XFERLOG=" + place.resolve("xferlog"))) {
      assertOthersGoOn(service, 1);
      run("fsfreeze", "-f", place.toString());
      try {
        assertOthersGoOn(service, 3);
      } finally {
        run("fsfreeze", "-u", place.toString());
      }
      Chain.eventually(
          "the log is whole",
          () -> {
            try {
              return Files.readAllLines(place.resolve("xferlog")).size() == 4;
            } catch (IOException e) {
              return false;
            }
          });
    } finally {
      run("umount", "-l", place.toString());
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command[0]);
  }
}
