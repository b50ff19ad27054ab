package org.twoftpd.who;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a session that the running monitor did not start. */
class EarlierSessionTest {
  @TempDir Path directory;

  @Test
  void namesComeFromTheFirstFileThatHasTheId() throws Exception {
    Path users = Files.writeString(directory.resolve("users"), "#a:x:7:7\nalice:!:5001:1::/:/\n");
    Path passwd =
        Files.writeString(directory.resolve("passwd"), "bob:x:5002:1::/:/\nb:x:5001:1::/:/\n");
    AccountNames names = new AccountNames(users, directory.resolve("none"), passwd);
    assertEquals("alice", names.nameOf(5001));
    assertEquals("bob", names.nameOf(5002));
    assertEquals("uid 7", names.nameOf(7));
    assertEquals("uid 4294967295", names.nameOf(4_294_967_295L));
  }

  @Test
  void thePeerIsThatOfTheFirstSocket() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Process p =
          new ProcessBuilder(
                  "bash",
                  "-c",
                  "exec 5<>/dev/tcp/127.0.0.1/" + listener.getLocalPort() + "; read -r _")
              .start();
      try (Socket _ = listener.accept()) {
        assertEquals("127.0.0.1", new SessionView(Path.of("/proc"), (int) p.pid()).peer());
      } finally {
        p.destroyForcibly().waitFor();
      }
      assertEquals("-", new SessionView(Path.of("/proc"), (int) p.pid()).peer());
    }
  }

  @Test
  void addressesAreReadAsTheKernelWritesThem() {
    assertEquals("127.0.0.1", ClientAddress.parse("0100007F"));
    assertEquals("192.0.2.7", ClientAddress.parse("070200C0"));
    assertEquals("192.0.2.7", ClientAddress.parse("0000000000000000FFFF0000070200C0"));
    assertEquals("2001:db8::7", ClientAddress.parse("B80D0120000000000000000007000000"));
  }
}
