/*
 * What the server keeps of an upload that was interrupted, and when an upload is on the disk.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Strace;

/** Resuming; ATOMIC_STORE and SYNC_STORE; errors that come late. */
class UploadDurabilityIT {
  private static Chain plain;
  private static Chain atomic;

  @BeforeAll
  static void start() throws IOException {
    plain = Chain.options().user("alice").set("SYNC_STORE", "on").start();
    atomic =
        Chain.options()
            .user("alice")
            .user("giver", "/bin/write")
            .set("SHELL_WRITEONLY", "/bin/write")
            .set("ATOMIC_STORE", "on")
            .set("SYNC_STORE", "on")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    plain.close();
    atomic.close();
  }

  private static Dialogue login(Chain chain, String name) throws IOException {
    Dialogue d = chain.login(name);
    d.expect(200, "TYPE I");
    return d;
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  private static long pid(Chain chain, String name) {
    return chain.sessionsOf(name).stream().max(Long::compare).orElseThrow();
  }

  private static void write(Chain chain, String name, String content) throws IOException {
    Path p = chain.user("alice").home().resolve(name);
    Files.writeString(p, content);
    Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  @Test
  void resumingIsExactAboveFourGibibytes() throws IOException {
    long five = 5L << 30;
    write(plain, "huge", "");
    Path huge = plain.user("alice").home().resolve("huge");
    try (RandomAccessFile f = new RandomAccessFile(huge.toFile(), "rw");
        Dialogue d = login(plain, "alice")) {
      f.setLength(five);
      f.seek(five - 4);
      f.write(bytes("tail"));
      assertEquals("" + five, d.expect(213, "SIZE huge").text());
      d.expect(350, "REST " + (five - 6));
      assertArrayEquals(bytes("\0\0tail"), d.fetch("RETR huge"));
      d.expect(350, "REST " + (five - 2));
      d.store("STOR huge", bytes("nt"));
      assertEquals(five, f.length());
      d.store("APPE huge", bytes("+"));
      assertEquals(five + 1, f.length());
      d.expect(350, "REST " + (five + 1));
      d.store("STOR huge", bytes("!"));
      d.expect(350, "REST " + (five - 4));
      assertEquals("tant+!", d.fetchText("RETR huge"));
      d.expect(350, "REST " + (five + 3));
      d.passive().close();
      d.expect(554, "STOR huge");
      assertEquals(five + 2, f.length());
      d.expect(250, "DELE huge");
    }
  }

  /** Begins an upload and sends some bytes; the test decides how it ends. */
  private static Socket begin(Dialogue d, String line) throws IOException {
    Socket data = d.passive();
    d.expect(150, line);
    data.getOutputStream().write(new byte[100_000]);
    return data;
  }

  @Test
  void withoutAtomicStoringWhatCameIsThereToBeResumed() throws IOException {
    Path home = plain.user("alice").home();
    try (Dialogue d = login(plain, "alice")) {
      try (Socket data = begin(d, "STOR part")) {
        Chain.eventually("bytes stored", () -> home.resolve("part").toFile().length() == 100_000);
        data.setSoLinger(true, 0);
      }
      d.expect(426);
      d.expect(350, "REST 100000");
      d.store("STOR part", bytes("rest"));
      assertEquals("100004", d.expect(213, "SIZE part").text());
      d.expect(250, "DELE part");
    }
  }

  @Test
  void anInterruptedAtomicUploadLeavesNothingAndReplacesNothing() throws IOException {
    Path home = atomic.user("alice").home();
    write(atomic, "old", "old");
    try (Dialogue d = login(atomic, "alice")) {
      for (String name : new String[] {"new", "old"}) {
        try (Socket data = begin(d, "STOR " + name)) {
          assertEquals(name.equals("old"), Files.exists(home.resolve(name)));
          data.setSoLinger(true, 0);
        }
        d.expect(426);
        Socket aborted = begin(d, "STOR " + name);
        d.expect(426, "ABOR");
        d.expect(226);
        aborted.close();
      }
      assertEquals("old\r\n", d.fetchText("NLST"));
      assertEquals("old", Files.readString(home.resolve("old")));
      d.store("STOR old", bytes("whole"));
      assertEquals("whole", Files.readString(home.resolve("old")));
      // A file that is there can be resumed all the same, in its place.
      d.expect(350, "REST 5");
      d.store("STOR old", bytes(" again"));
      assertEquals("whole again", Files.readString(home.resolve("old")));
      d.expect(250, "DELE old");
    }
  }

  @Test
  void aSessionThatIsKilledLeavesNoHalfFileUnderTheName() throws IOException {
    Path home = atomic.user("alice").home();
    try (Dialogue d = login(atomic, "alice")) {
      long pid = pid(atomic, "alice");
      try (Socket data = begin(d, "STOR half")) {
        Chain.signal("KILL", pid);
        assertTrue(d.isClosed());
        assertTrue(!data.isClosed() && Files.notExists(home.resolve("half")));
      }
    }
    for (Path left : listed(home)) {
      assertTrue(left.getFileName().toString().matches("\\.in\\.[a-z2-7]{20}\\."), "left " + left);
      Files.delete(left);
    }
  }

  private static List<Path> listed(Path home) throws IOException {
    try (var all = Files.list(home)) {
      return all.toList();
    }
  }

  @Test
  void inDropANameOnceUsedStaysUsed() throws IOException {
    Path home = atomic.user("giver").home();
    try (Dialogue d = login(atomic, "giver")) {
      begin(d, "STOR given").close();
      d.expect(226);
      try (Socket data = begin(d, "STOR broken")) {
        data.setSoLinger(true, 0);
      }
      d.expect(426);
      for (String name : new String[] {"given", "broken"}) {
        d.passive().close();
        d.expect(550, "STOR " + name);
      }
    }
    assertEquals(100_000, Files.size(home.resolve("given")));
    assertTrue(Files.notExists(home.resolve("broken")));
  }

  /** SYNC_STORE: everything is on the disk before 226. */
  @Test
  void fileAndDirectoryAreSyncedBeforeTheReply() throws IOException {
    for (Chain chain : new Chain[] {plain, atomic}) {
      Path home = chain.user("alice").home();
      try (Dialogue d = login(chain, "alice");
          Strace s =
              new Strace(pid(chain, "alice"), "-e", "trace=fsync,write,renameat,renameat2")) {
        for (int i = 0; i < 2; i++) {
          d.store("STOR synced", bytes("x"));
        }
        Chain.eventuallyTold(
            "two replies seen",
            () -> s.lines().stream().filter(l -> l.contains("\"226 Transfer")).count() == 2);
        String seen = String.join("\n", s.lines());
        String file = chain == plain ? "synced" : "\\.in\\.[a-z2-7]+\\.";
        String rename = chain == plain ? "" : "renameat2?\\([^\\n]*synced[^\\n]* = 0\\n.*";
        String once =
            ("fsync\\(\\d+<[^\\n]*/" + file + ">\\) += 0\\n.*")
                + (rename + "fsync\\(\\d+<[^\\n]*" + home.getFileName() + ">\\) += 0\\n.*")
                + "write\\([^\\n]*\"226 Transfer";
        assertTrue(
            java.util.regex.Pattern.compile(
                    ".*" + once + ".*" + once + ".*", java.util.regex.Pattern.DOTALL)
                .matcher(seen)
                .matches(),
            seen);
        d.expect(250, "DELE synced");
      }
    }
  }

  /** A write that fails only at fsync or close, as over a network, is never 226. Row 42. */
  @Test
  void anErrorThatComesLateIsNever226() throws IOException {
    for (String call : new String[] {"fsync", "close"}) {
      for (String[] error : new String[][] {{"EIO", "451"}, {"ENOSPC", "452"}, {"EDQUOT", "552"}}) {
        try (Dialogue d = login(plain, "alice")) {
          Path late = plain.user("alice").home().resolve("late");
          write(plain, "late", "");
          String inject = "inject=" + call + ":error=" + error[0];
          try (Strace s =
                  new Strace(
                      pid(plain, "alice"),
                      "-P",
                      late.toString(),
                      "-e",
                      "trace=" + call,
                      "-e",
                      inject);
              Socket data = begin(d, "STOR late")) {
            data.shutdownOutput();
            d.expect(Integer.parseInt(error[1]));
            assertTrue(s.lines().stream().anyMatch(l -> l.contains("INJECTED")), error[0]);
          }
          d.expect(257, "PWD");
          d.expect(250, "DELE late");
        }
      }
    }
    try (Dialogue d = login(atomic, "alice")) {
      write(atomic, "kept", "old");
      try (Strace _ =
              new Strace(
                  pid(atomic, "alice"), "-e", "trace=fsync", "-e", "inject=fsync:error=EIO");
          Socket data = begin(d, "STOR kept")) {
        data.shutdownOutput();
        d.expect(451);
      }
      assertEquals("old", d.fetchText("RETR kept"));
      d.expect(250, "DELE kept");
      assertEquals("", d.fetchText("NLST"));
    }
  }
}
