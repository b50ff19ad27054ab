/*
 * At no moment may more users read a file that a session makes than may in the end, or might before.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Strace;

class UploadPermissionsIT {
  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").set("ATOMIC_STORE", "on").set("SYNC_STORE", "on").start();
    home = chain.user("alice").home();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static int mode(Path p) throws IOException {
    return (int) Files.getAttribute(p, "unix:mode") & 07777;
  }

  private static Path hidden() throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      List<Path> found = all.filter(p -> p.getFileName().toString().startsWith(".in.")).toList();
      assertEquals(1, found.size());
      return found.getFirst();
    }
  }

  /** Sends half of an upload, looks at the mode of the file, and sends the other half. */
  private static String store(Dialogue d, String line, int meanwhile) throws IOException {
    try (Socket data = d.passive()) {
      Dialogue.Reply announced = d.expect(150, line);
      data.getOutputStream().write(new byte[1000]);
      Chain.eventuallyTold("half is there", () -> Files.size(hidden()) == 1000);
      assertEquals(meanwhile, mode(hidden()));
      data.getOutputStream().write(new byte[1000]);
      data.shutdownOutput();
      d.expect(226);
      return announced.text();
    }
  }

  @Test
  void row51_anUploadThatReplacesIsItsOwnersAloneUntilItIsWhole() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      store(d, "STOR new", 0644);
      assertEquals(0644, mode(home.resolve("new")));
      for (String mode : new String[] {"600", "640", "666"}) {
        assertTrue(d.command("SITE CHMOD " + mode + " new").code() < 300);
        store(d, "STOR new", 0600);
        assertEquals(Integer.parseInt(mode, 8), mode(home.resolve("new")));
      }
      String unique = store(d, "STOU", 0644).replaceFirst("(?s).*FILE: (\\S+).*", "$1");
      assertEquals(0644, mode(home.resolve(unique)));
      d.expect(200, "SITE UMASK 027");
      store(d, "STOR other", 0640);
      assertEquals(0640, mode(home.resolve("other")));
    }
  }

  /** strace shows all calls in their order, where a look from outside could come too late. */
  @Test
  void row51_noCallMakesMoreThanItMay() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      d.store("STOR private", new byte[10]);
      assertTrue(d.command("SITE CHMOD 600 private").code() < 300);
      List<String> asked;
      try (Strace s =
          new Strace(
              chain.sessionsOf("alice").getFirst(),
              "-e",
              "trace=openat,fchmod,fchmodat,renameat,renameat2,mkdirat")) {
        d.store("STOR private", new byte[10]);
        d.store("STOR fresh", new byte[10]);
        d.store("APPE appended", new byte[10]);
        d.expect(257, "MKD made");
        Chain.eventuallyTold(
            "it was seen", () -> s.lines().stream().anyMatch(l -> l.contains("mkdirat")));
        asked = s.lines();
      }
      List<String> made = asked.stream().filter(l -> l.contains("O_CREAT")).toList();
      assertEquals(3, made.size(), asked::toString);
      assertTrue(made.get(0).contains(", 0600)"), asked::toString);
      assertTrue(made.get(1).contains(", 0666)"), asked::toString);
      assertTrue(made.get(2).contains(", 0666)"), asked::toString);
      List<String> wider = asked.stream().filter(l -> l.contains("chmod")).toList();
      assertEquals(List.of(), wider, asked::toString);
      assertEquals(0600, mode(home.resolve("private")));
      assertEquals(0644, mode(home.resolve("fresh")));
      assertEquals(0644, mode(home.resolve("appended")));
      assertEquals(0755, mode(home.resolve("made")));
    }
  }
}
