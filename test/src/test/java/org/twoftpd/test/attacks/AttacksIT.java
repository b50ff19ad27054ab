/*
 * Attacks of attacks.txt that belong to no subject with tests of its own.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

@Tag("alone")
class AttacksIT {
  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").start();
    home = chain.user("alice").home();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void run(String... command) throws IOException {
    try {
      assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Without a chroot: a thread keeps replacing a directory by a link that leads out. */
  @Test
  void row10_aNameThatChangesBetweenCheckAndUseLeadsNowhere() throws Exception {
    ChainOptions o = Chain.options().user("bob").set("LOCKHOME", "on");
    Path outside = Files.createDirectory(o.directory().resolve("outside"));
    Files.writeString(outside.resolve("f"), "secret");
    try (Chain locked = o.start()) {
      Path top = locked.user("bob").home();
      Files.createDirectory(top.resolve("d"));
      Files.writeString(top.resolve("d/f"), "inside");
      Path way = top.resolve("x");
      AtomicBoolean over = new AtomicBoolean();
      Thread flipper =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; !over.get(); i++) {
                  try {
                    Path next = top.resolve("next");
                    Files.createSymbolicLink(next, i % 2 == 0 ? outside : top.resolve("d"));
                    Files.move(next, way, StandardCopyOption.ATOMIC_MOVE);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      int inside = 0;
      try (Dialogue d = locked.login("bob")) {
        for (int i = 0; i < 300; i++) {
          try (Socket data = d.passive()) {
            Dialogue.Reply r = d.command("RETR " + top + "/x/f");
            if (r.code() == 150) {
              assertEquals(
                  "inside",
                  new String(data.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
              d.expect(226);
              inside++;
            } else {
              assertEquals(550, r.code(), r::toString);
            }
          }
        }
      } finally {
        over.set(true);
        flipper.join(10_000);
      }
      assertTrue(inside > 0, "it was never the way in");
    }
  }

  @Test
  void row11_devicesInTheHomeAreNotServed() throws IOException {
    run("mknod", "-m", "666", home.resolve("null").toString(), "c", "1", "3");
    run("mknod", "-m", "666", home.resolve("block").toString(), "b", "7", "200");
    try (Dialogue d = chain.login("alice")) {
      for (String name : List.of("null", "block")) {
        for (String verb : List.of("RETR", "STOR", "APPE")) {
          d.passive().close();
          d.expect(550, verb + " " + name);
        }
        d.expect(550, "SIZE " + name);
        d.expect(250, "DELE " + name);
      }
      d.expect(550, "CWD /proc/self/root");
      d.expect(550, "SIZE /dev/null");
    }
  }

  @Test
  void row13_whatIsPlantedInTheHomeIsReadByNobody() throws IOException {
    for (String dir : List.of("etc", "lib", "lib64", "usr", "proc", "dev")) {
      Files.createDirectories(home.resolve(dir));
    }
    Files.writeString(home.resolve("etc/passwd"), "planted:x:64101:64101::/:/bin/sh\n");
    Files.writeString(home.resolve("etc/ld.so.preload"), "/lib/evil.so\n");
    Files.writeString(home.resolve("etc/nsswitch.conf"), "passwd: evil\n");
    Files.writeString(home.resolve("lib/libnss_evil.so.2"), "no library");
    run("chown", "-R", "64101:64101", home.toString());
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (Dialogue d = chain.login("alice")) {
      String listed = d.fetchText("LIST etc");
      assertTrue(listed.contains(" alice "), listed);
      assertFalse(listed.contains("planted"), listed);
      d.store("STOR etc/new", new byte[1]);
      d.expect(250, "MLST etc/passwd");
    } finally {
      for (String dir : List.of("etc", "lib", "lib64", "usr", "proc", "dev")) {
        run("rm", "-r", home.resolve(dir).toString());
      }
    }
  }

  @Test
  void row24_timesAreReadToTheDigit() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR t", new byte[1]);
      for (String bad :
          List.of(
              "MFMT 99999999999999 t",
              "MFMT 20201301000000 t",
              "MFMT 20200101000000" + "0".repeat(2000) + " t",
              "MFMT %n%n%s t",
              "MFMT -0200101000000 t",
              "SITE CHMOD " + "7".repeat(2000) + " t",
              "SITE UMASK %n")) {
        d.expect(501, bad);
      }
      for (String odd :
          List.of(
              "MDTM 20200101000000+99999 t", "MDTM %n%n t", "MDTM " + "2".repeat(3000) + " t")) {
        int code = d.command(odd).code();
        assertTrue(code == 501 || code == 550, () -> odd + ": " + code);
      }
      d.expect(250, "DELE t");
    }
  }

  @Test
  void row26_noLineOfAStatusLooksLikeAReply() throws IOException {
    Files.createDirectory(home.resolve("s"));
    for (String name : List.of("213 End.", "226 Done", "x\r\n226 Done", "500-")) {
      Files.writeString(home.resolve("s").resolve(name), "");
    }
    Files.write(home.resolve("big"), new byte[32 << 20]);
    try (Dialogue d = chain.login("alice")) {
      for (String what : List.of("STAT s", "STAT s/*", "MLST s/226 Done")) {
        List<String> lines = d.command(what).lines();
        for (String l : lines.subList(1, lines.size() - 1)) {
          assertFalse(l.matches("\\d{3}.*"), () -> what + ": " + lines);
        }
        d.expect(200, "NOOP");
      }
      try (Socket data = d.passive()) {
        d.expect(150, "RETR big");
        data.getInputStream().readNBytes(10);
        d.send("STAT s\r\n");
        data.getInputStream().readAllBytes();
        d.expect(226);
        d.expect(213);
      }
      d.expect(200, "NOOP");
    } finally {
      run("rm", "-r", home.resolve("s").toString(), home.resolve("big").toString());
    }
  }

  /** One address floods the service while somebody from another logs in again and again. */
  @Test
  void row35_aFloodFromOneAddressLeavesAnotherServed() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    List<Thread> flood = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flood.add(
          Thread.ofVirtual()
              .start(() -> {
                InetAddress from = InetAddress.ofLiteral("127.0.0.2");
                while (connections.incrementAndGet() <= 10_000) {
                  try (Socket s =
                      new Socket(InetAddress.ofLiteral("127.0.0.1"), chain.port(), from, 0)) {
                    s.setSoTimeout(20_000);
                    s.getInputStream().read();
                  } catch (IOException e) {
                    failures.incrementAndGet();
                  }
                }
              }));
    }
    long slowest = 0;
    int logins = 0;
    while (connections.get() < 10_000) {
      long begin = System.nanoTime();
      try (Dialogue d = chain.login("alice")) {
        d.expect(221, "QUIT");
      }
      slowest = Math.max(slowest, (System.nanoTime() - begin) / 1_000_000);
      logins++;
    }
    for (Thread t : flood) {
      assertTrue(t.join(java.time.Duration.ofSeconds(60)));
    }
    long most = slowest;
    assertTrue(logins > 3 && most < 10_000, () -> "the slowest login took " + most + " ms");
    assertTrue(failures.get() < 100, () -> failures + " got no answer");
    chain.eventuallyLogged("refused address=127\\.0\\.0\\.2 limit=MAX_PER_IP.*");
  }

  @Test
  void row38_aRenameLosesNothing() throws IOException {
    Path other = Files.createDirectory(home.resolve("other"));
    run("mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", other.toString());
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR a", new byte[] {1});
      d.store("STOR b", new byte[] {2, 2});
      d.expect(503, "RNTO c");
      d.expect(550, "RNFR nothing");
      d.expect(503, "RNTO c");
      d.expect(350, "RNFR a");
      d.expect(200, "NOOP");
      d.expect(503, "RNTO c");
      d.expect(350, "RNFR a");
      d.expect(550, "RNTO other/a");
      assertEquals(1, Files.size(home.resolve("a")));
      d.expect(350, "RNFR a");
      d.expect(550, "RNTO other");
      d.expect(350, "RNFR a");
      d.expect(250, "RNTO b");
      assertEquals(1, Files.size(home.resolve("b")));
      assertFalse(Files.exists(home.resolve("a")));
      d.expect(250, "DELE b");
    } finally {
      run("umount", "-l", other.toString());
      Files.delete(other);
    }
  }

  /**
   * An address to listen on that is given in the mapped form, as a socket of both families has it.
   */
  @Test
  void row43_aMappedAddressIsTheIpv4AddressThatItStandsFor() throws IOException {
    try (Chain both = Chain.options().user("alice").with("--address", "::ffff:127.0.0.1").start();
        Dialogue d = both.login("alice")) {
      d.expect(227, "PASV");
      d.expect(200, "PORT 127,0,0,1,200,200");
      d.expect(501, "PORT 127,0,0,2,200,200");
      d.expect(211, "STAT");
      both.eventuallyLogged("connect address=127\\.0\\.0\\.1 .*");
      assertFalse(both.log().contains("ffff"));
    }
  }
}
