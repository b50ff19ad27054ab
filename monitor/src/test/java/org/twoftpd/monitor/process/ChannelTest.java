/*
 * The monitor's channel against a peer that reads late: what was kept for it arrives whole, in order and with the right
 * descriptors.
 */
package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.fd.ChannelToChild;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.Refusal;
import org.twoftpd.shared.wire.SessionReport;

@Timeout(60)
class ChannelTest {
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 21, 0);
  private static final int MANY = 2000;

  private static int open(Path file) {
    int fd = Native.openat(-100, file.toString().getBytes(StandardCharsets.UTF_8), 0, 0);
    assertTrue(fd >= 0, () -> "open answered " + fd);
    return fd;
  }

  private static Path target(int fd) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
  }

  @Test
  void whatHadNoRoomComesInOrderWithItsOwnDescriptor(@TempDir Path directory) throws Exception {
    Path[] files = {directory.resolve("even"), directory.resolve("odd")};
    for (Path f : files) {
      Files.createFile(f);
    }
    ChannelToChild.Pair pair = ChannelToChild.pair(Role.GATE, 2 * MANY);
    SocketToMonitor gate = new SocketToMonitor(pair.theirs(), Role.GATE);
    for (int i = 0; i < MANY; i++) {
      int fd = open(files[i % 2]);
      pair.ours().send(new GateMessage.Connected(i, HERE, HERE, false), fd);
      // From here on the number may be another file's.
      Native.close(fd);
      pair.ours().send(new GateMessage.LoginRefused(i, Refusal.LAST), -1);
    }
    assertTrue(pair.ours().isFull());
    int next = 0;
    while (next < 2 * MANY) {
      assertTrue(gate.receive());
      for (Message m = gate.next(); m != null; m = gate.next()) {
        if (next % 2 == 0) {
          assertEquals(new GateMessage.Connected(next / 2, HERE, HERE, false), m);
          int fd = gate.descriptor();
          assertEquals(files[next / 2 % 2], target(fd));
          Native.close(fd);
        } else {
          assertEquals(new GateMessage.LoginRefused(next / 2, Refusal.LAST), m);
          assertEquals(-1, gate.descriptor());
        }
        next++;
      }
      pair.ours().flush();
    }
    assertFalse(pair.ours().isFull());
    gate.close();
    pair.ours().close();
  }

  @Test
  void keepsNoMoreThanItMayAndClosesWhatItKept(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("kept"));
    ChannelToChild.Pair pair = ChannelToChild.pair(Role.GATE, 10);
    int fd = open(file);
    SystemCallException e =
        assertThrows(
            SystemCallException.class,
            () -> {
              for (int i = 0; i < MANY; i++) {
                pair.ours().send(new GateMessage.Connected(i, HERE, HERE, false), fd);
              }
            });
    assertEquals("Temporarily not possible", e.getMessage());
    assertEquals(11, openOn(file));
    pair.ours().close();
    assertEquals(1, openOn(file));
    Native.close(fd);
    Native.close(pair.theirs());
  }

  /** poll(2) tells of room when three quarters of a socket are free; that is too late here. */
  @Test
  void row47_aMessageGoesOutAsSoonAsThePeerHasReadOne() throws Exception {
    ChannelToChild.Pair pair = ChannelToChild.pair(Role.SESSION, 10);
    SocketToMonitor session = new SocketToMonitor(pair.theirs(), Role.SESSION);
    SessionReport line = new SessionReport.RequestLine(new byte[3000]);
    while (session.offer(line, 0)) {
      // Until there is no room.
    }
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            sent.complete(session.offer(line, 20_000));
          } catch (IOException e) {
            sent.completeExceptionally(e);
          }
        });
    // Room for some messages, and much less than three quarters of the socket.
    byte[] some = new byte[16384];
    Native.poll(new int[0], new short[0], 0, 500);
    assertTrue(Native.read(pair.ours().number(), some, 0, some.length) > 0);
    assertTrue(sent.get());
    session.close();
    pair.ours().close();
  }

  @Test
  void leavesNothingOpen() throws Exception {
    ChannelToChild.Pair first = ChannelToChild.pair(Role.GATE, 1);
    first.ours().close();
    Native.close(first.theirs());
    int before = Path.of("/proc/self/fd").toFile().list().length;
    for (int i = 0; i < 100; i++) {
      ChannelToChild.Pair pair = ChannelToChild.pair(Role.GATE, 1);
      pair.ours().close();
      Native.close(pair.theirs());
    }
    int after = Path.of("/proc/self/fd").toFile().list().length;
    assertTrue(after < before + 50, "from " + before + " to " + after);
  }

  private static int openOn(Path file) throws IOException {
    int n = 0;
    for (int fd = 0; fd < 4096; fd++) {
      Path link = Path.of("/proc/self/fd/" + fd);
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(file)) {
        n++;
      }
    }
    return n;
  }
}
