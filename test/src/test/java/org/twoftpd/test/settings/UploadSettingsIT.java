package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** Settings of uploads: UMASK, ATOMIC_STORE, SYNC_STORE and MAX_FILE_SIZE. */
class UploadSettingsIT {
  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").set("MAX_PER_IP", "50").start();
    home = chain.user("alice").home();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @Test
  @ShowsSettings("UMASK")
  void umask() throws IOException {
    chain.reload("UMASK=027");
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR masked", new byte[1]);
      d.expect(257, "MKD masked.d");
    }
    assertEquals(0640, (int) Files.getAttribute(home.resolve("masked"), "unix:mode") & 0777);
    assertEquals(0750, (int) Files.getAttribute(home.resolve("masked.d"), "unix:mode") & 0777);
  }

  @Test
  @ShowsSettings("ATOMIC_STORE")
  void atomicStoring() throws IOException {
    for (boolean atomic : new boolean[] {true, false}) {
      chain.reload("ATOMIC_STORE=" + (atomic ? "on" : "off"));
      String name = "atomic-" + atomic;
      try (Dialogue d = chain.login("alice");
          Dialogue other = chain.login("alice");
          Socket data = d.passive()) {
        d.expect(150, "STOR " + name);
        data.getOutputStream().write(new byte[10]);
        if (!atomic) {
          Chain.eventuallyTold("it is there", () -> other.command("SIZE " + name).code() == 213);
        }
        assertEquals(atomic ? 550 : 213, other.command("SIZE " + name).code());
        data.shutdownOutput();
        d.expect(226);
        other.expect(213, "SIZE " + name);
      }
    }
  }

  /** Sends so many bytes, and returns the reply that ends the transfer. */
  private static Dialogue.Reply send(Dialogue d, String line, int bytes) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, line);
      try {
        data.getOutputStream().write(new byte[bytes]);
        data.shutdownOutput();
      } catch (IOException e) {
        // The server has stopped reading.
      }
      return d.reply();
    }
  }

  @Test
  @ShowsSettings("MAX_FILE_SIZE")
  void largestFile() throws IOException {
    int most = 200 << 10;
    for (String atomic : new String[] {"on", "off"}) {
      chain.reload("MAX_FILE_SIZE=200K", "ATOMIC_STORE=" + atomic);
      try (Dialogue d = chain.login("alice")) {
        for (String type : new String[] {"TYPE I", "TYPE A"}) {
          d.expect(200, type);
          assertEquals(226, send(d, "STOR just", most).code());
          Dialogue.Reply r = send(d, "STOR larger", 3 * most);
          assertEquals(552, r.code());
          assertTrue(r.text().contains("at most " + most + " bytes"), r.toString());
          assertEquals(atomic.equals("off"), Files.exists(home.resolve("larger")));
          Files.deleteIfExists(home.resolve("larger"));
          assertEquals(552, send(d, "APPE just", 1).code());
          d.expect(350, "REST " + (most - 10));
          assertEquals(552, send(d, "STOR just", 11).code());
          d.expect(350, "REST " + (most - 10));
          assertEquals(226, send(d, "STOR just", 10).code());
          assertEquals(most, Files.size(home.resolve("just")));
        }
        d.expect(552, "ALLO " + (most + 1));
        d.expect(200, "ALLO " + most);
        d.expect(250, "DELE just");
        try (var left = Files.list(home)) {
          assertTrue(left.noneMatch(p -> p.toString().contains(".in.")), "temporary files");
        }
      }
      chain.eventuallyLogged(
          "upload user=alice .*path=/larger .*result=failed reason=\"[^\"]*at most " + most);
    }
    chain.reload("MAX_FILE_SIZE=0");
    assertEquals(226, codeOf("STOR larger", 3 * most));
    chain.reload();
    assertEquals(226, codeOf("STOR larger", 3 * most));
    Files.delete(home.resolve("larger"));
  }

  /**
   * A large upload goes through a pipe, and one that fails leaves bytes in it. The limit here is no
   * multiple of a page, so that it falls between two of the kernel's moves.
   */
  @Test
  void whatIsLeftOfAnUploadIsInNoOtherFile() throws IOException {
    int most = 1_000_001;
    chain.reload("MAX_FILE_SIZE=" + most);
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      assertEquals(552, send(d, "STOR larger", 3 * most).code());
      byte[] next = new byte[most];
      Arrays.fill(next, (byte) 'n');
      d.store("STOR next", next);
      assertArrayEquals(next, Files.readAllBytes(home.resolve("next")));
      d.expect(250, "DELE next");
    } finally {
      chain.reload();
    }
  }

  private static int codeOf(String line, int bytes) throws IOException {
    try (Dialogue d = chain.login("alice")) {
      return send(d, line, bytes).code();
    }
  }

  @Test
  @ShowsSettings("SYNC_STORE")
  void syncedStoring() throws Exception {
    for (boolean sync : new boolean[] {true, false}) {
      chain.reload("SYNC_STORE=" + (sync ? "on" : "off"));
      Path trace = Files.createTempFile("twoftpd-strace", "");
      try (Dialogue d = chain.login("alice")) {
        long pid = chain.sessionsOf("alice").getFirst();
        Process strace =
            new ProcessBuilder(
                    "strace",
                    "-f",
                    "-qq",
                    "-e",
                    "trace=fsync",
                    "-o",
                    trace.toString(),
                    "-p",
                    "" + pid)
                .start();
        try {
          Chain.eventuallyTold(
              "strace watches",
              () -> {
                String status = Files.readString(Path.of("/proc/" + pid + "/status"));
                return !status.contains("TracerPid:\t0\n");
              });
          d.store("STOR synced-" + sync, new byte[10]);
        } finally {
          Chain.signal("INT", strace.pid());
          strace.waitFor();
        }
        assertEquals(sync, Files.readString(trace).contains("fsync("), "fsync with " + sync);
      } finally {
        Files.delete(trace);
      }
      Chain.eventually("the session is gone", () -> chain.sessionsOf("alice").isEmpty());
    }
  }
}
