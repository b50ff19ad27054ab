package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UNIX sockets: their addresses, listening on one, and those that a service manager passes. */
class UnixListenerTest {
  @TempDir Path directory;

  @Test
  void listensForItsOwnerAlone() throws IOException {
    Path path = directory.resolve("socket");
    int listener = UnixListener.open(path.toString(), 1);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    byte[] name = new byte[128];
    assertTrue(UnixAddress.isUnix(name, Native.getsockname(listener, name)));
    assertTrue(Errno.isNoConnection(Native.accept(listener)));
    int client = Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_STREAM, 0);
    assertEquals(0, Native.connect(client, UnixAddress.of(path.toString())));
    int accepted = Native.accept(listener);
    assertTrue(accepted >= 0, () -> "accept answered " + accepted);
    for (int fd : new int[] {accepted, client, listener}) {
      Native.close(fd);
    }
    assertFalse(Errno.isNoConnection(Native.accept(listener)), "a closed listener");
    SystemCallException taken =
        assertThrows(SystemCallException.class, () -> UnixListener.open(path.toString(), 1));
    assertEquals(Errno.EADDRINUSE, taken.errno());
  }

  @Test
  void anAddressHasAnAbsolutePathThatFits() {
    String longest = "/" + "x".repeat(UnixAddress.PATH_MAX - 1);
    assertTrue(UnixAddress.isPath(longest));
    assertEquals(110, UnixAddress.of(longest).length);
    for (String wrong :
        new String[] {"", "relative", "@name", longest + "x", "/a\0b", "/é".repeat(40)}) {
      assertFalse(UnixAddress.isPath(wrong), wrong);
      assertThrows(IllegalArgumentException.class, () -> UnixAddress.of(wrong), wrong);
      assertEquals(
          Errno.EINVAL,
          assertThrows(SystemCallException.class, () -> UnixListener.open(wrong, 1)).errno());
    }
  }

  @Test
  void anAbstractNameBeginsWithNulAndEndsWithTheAddress() {
    byte[] address = UnixAddress.ofAbstractName("name");
    assertArrayEquals(
        "\0name".getBytes(StandardCharsets.US_ASCII),
        java.util.Arrays.copyOfRange(address, 2, address.length));
    assertEquals(110 - 1, UnixAddress.ofAbstractName("x".repeat(106)).length);
    assertThrows(IllegalArgumentException.class, () -> UnixAddress.ofAbstractName(""));
    assertThrows(IllegalArgumentException.class, () -> UnixAddress.ofAbstractName("x".repeat(107)));
  }

  @Test
  void passedSocketsAreThoseOfThisProcess() throws IOException {
    String pid = Integer.toString(Native.getpid());
    assertEquals(2, ListenFds.count(Map.of("LISTEN_PID", pid, "LISTEN_FDS", "2")));
    assertEquals(0, ListenFds.count(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "2")));
    assertEquals(0, ListenFds.count(Map.of("LISTEN_FDS", "2")));
    assertEquals(0, ListenFds.count(Map.of("LISTEN_PID", pid)));
    assertThrows(
        IOException.class, () -> ListenFds.count(Map.of("LISTEN_PID", pid, "LISTEN_FDS", "two")));
  }

  @Test
  void onlyWhatListensIsTaken() throws IOException {
    try (UnixPair pair = UnixPair.open()) {
      assertThrows(SystemCallException.class, () -> ListenFds.take(pair.near()));
    }
    int listener = UnixListener.open(directory.resolve("socket").toString(), 1);
    ListenFds.take(listener);
    Native.close(listener);
  }
}
