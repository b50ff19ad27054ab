package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

/**
 * A session that somebody has taken over hands the gate descriptors that could make it wait for
 * good. The gate reads none of them, and says no more to that session of transfers.
 */
@Timeout(60)
class HandedDescriptorsTest {
  @TempDir static Path directory;
  private static TestKeys keys;

  private final Relay relay = Relay.start(RelayedClient.POOL, (_, _, _) -> {});

  /** Two that block, and two that do not. */
  private final int[] blocking = new int[2];

  private final int[] prompt = new int[2];

  @BeforeAll
  static void install() throws Exception {
    RemoteSignature.install();
    keys = new TestKeys(directory).with(TestKeys.EC, "ftp.test");
  }

  @BeforeEach
  void makePairs() {
    assertEquals(0, Native.socketpair(blocking));
    assertEquals(0, Native.dataPair(prompt));
  }

  private void assertTurnedAway(int data, int inside) throws Exception {
    TlsTerms terms = keys.terms(TlsReuse.OFF, "TLSv1.3");
    try (RelayedClient c = new RelayedClient(relay, terms, keys, new TestClient("TLSv1.3", null))) {
      c.hand(data, inside, TransferLine.UPLOAD);
      assertEquals(0, RelayedClient.read(c.line[1], 1).length, "the end of the line");
      c.speak();
    }
  }

  /** The test's own copies apart, nobody has the other ends any more. */
  private static void assertGone(int[] pair) throws Exception {
    Native.close(pair[1]);
    assertEquals(0, RelayedClient.read(pair[0], 1).length, "nobody keeps it");
    Native.close(pair[0]);
  }

  @Test
  void aDataConnectionThatBlocksIsTurnedAway() throws Exception {
    assertTurnedAway(blocking[1], prompt[1]);
    assertGone(blocking);
    assertGone(prompt);
  }

  @Test
  void anEndOfAPairThatBlocksIsTurnedAway() throws Exception {
    assertTurnedAway(prompt[1], blocking[1]);
    assertGone(blocking);
    assertGone(prompt);
  }

  /** What a file's reader waits for, a network perhaps, O_NONBLOCK does not change. */
  @Test
  void aFileIsTurnedAway() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "content");
    byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
    int nonblocking = 04000;
    int fd = Native.openat(FileFlags.AT_FDCWD, path, FileFlags.O_RDONLY | nonblocking, 0);
    assertTrue(fd >= 0);
    assertTurnedAway(fd, prompt[1]);
    assertTurnedAway(prompt[1], fd);
    Native.close(fd);
    assertGone(blocking);
    assertGone(prompt);
  }
}
