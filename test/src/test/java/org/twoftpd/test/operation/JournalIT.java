package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.Native;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** The log as systemd's journal gets it. */
class JournalIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** The service runs as under systemd, and a socket of this test stands for the journal. */
  @Test
  void theJournalGetsFields() throws Exception {
    Path place = Files.createDirectory(chain.directory().resolve("journal-test"));
    Path socket = place.resolve("socket");
    Path stderr = Files.createFile(place.resolve("stderr"));
    Path config = place.resolve("conf");
    Files.writeString(
        config, "LISTEN=127.0.0.1:0\nGATE_USER=64021:64021\nCVM=cvm-local:/nowhere\nTLS=off\n");
    byte[] name = socket.toString().getBytes(StandardCharsets.UTF_8);
    byte[] address = new byte[2 + name.length];
    address[0] = 1;
    System.arraycopy(name, 0, address, 2, name.length);
    int journal = Native.socket(1, 2, 0);
    assertEquals(0, Native.bind(journal, address));
    Process monitor = monitor(config, socket, stderr);
    try {
      String listening = datagram(journal, "listening");
      String port = listening.replaceAll("(?s).*TWOFTPD_ADDRESS=127.0.0.1:(\\d+)\n.*", "$1");
      new Dialogue("127.0.0.1", Integer.parseInt(port)).close();
      String connect = datagram(journal, "connect");
      assertTrue(connect.startsWith("MESSAGE=connect address=127.0.0.1 port="), connect);
      for (String field :
          List.of(
              "PRIORITY=6",
              "SYSLOG_IDENTIFIER=twoftpd",
              "TWOFTPD_ADDRESS=127.0.0.1",
              "TWOFTPD_LOCAL=127.0.0.1:" + port)) {
        assertTrue(connect.contains("\n" + field + "\n"), connect);
      }
    } finally {
      monitor.destroy();
      assertTrue(monitor.waitFor(20, TimeUnit.SECONDS));
    }
    assertTrue(datagram(journal, "stopped").startsWith("MESSAGE=stopped\nPRIORITY=6\n"));
    assertEquals("", Files.readString(stderr));
    Native.close(journal);
  }

  /** Starts another monitor beside the chain's in the same way. */
  private static Process monitor(Path config, Path socket, Path stderr)
      throws IOException, InterruptedException {
    String line =
        Files.readString(
            Path.of("/proc/" + chain.monitor() + "/cmdline"), StandardCharsets.ISO_8859_1);
    List<String> command = new ArrayList<>(List.of(line.split("\0")));
    command.set(command.indexOf("--config") + 1, config.toString());
    command.addAll(List.of("--journal", socket.toString()));
    Process stat = new ProcessBuilder("stat", "-c", "%d:%i", stderr.toString()).start();
    String stream = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, stat.waitFor());
    ProcessBuilder b = new ProcessBuilder(command).redirectError(stderr.toFile());
    b.environment().put("JOURNAL_STREAM", stream.trim());
    return b.start();
  }

  /** Waits for the next datagram of that event, at most 20 seconds for each datagram. */
  private static String datagram(int socket, String event) {
    byte[] b = new byte[65536];
    while (Native.poll(new int[] {socket}, new short[] {1}, 1, 20_000) == 1) {
      int n = Native.read(socket, b, 0, b.length);
      String text = new String(b, 0, Math.max(n, 0), StandardCharsets.US_ASCII);
      if (text.contains("\nTWOFTPD_EVENT=" + event + "\n")) {
        return text;
      }
    }
    throw new AssertionError("no " + event + " within 20 s");
  }
}
