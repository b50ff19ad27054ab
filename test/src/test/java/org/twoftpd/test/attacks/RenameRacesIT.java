/*
 * Somebody moves directories out of a home and back while its owner uses links in them that lead up.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/**
 * Outside, too, there are files with the names that lead up from the moved directory, and everybody
 * may read and write them: only the server keeps its client from them.
 */
class RenameRacesIT {
  private static final int ROUNDS = 150;

  /** One home, and the place outside. */
  private static final class Race implements AutoCloseable {
    private final Chain chain;
    private final Path outside;
    private final Path sub;

    Race(String setting, boolean links) throws IOException, InterruptedException {
      ChainOptions options = Chain.options().user("alice").set(setting, "on");
      outside = Files.createDirectory(options.directory().resolve("outside"));
      chain = options.start();
      sub = Files.createDirectory(chain.user("alice").home().resolve("sub"));
      for (Path p : new Path[] {outside, sub}) {
        Files.writeString(p.resolve("f"), p.equals(sub) ? "inside" : "secret");
        Files.writeString(p.resolve("victim"), p.equals(sub) ? "inside" : "secret");
        Files.createDirectory(p.resolve("empty"));
      }
      Path moved = Files.createDirectory(sub.resolve("moved"));
      if (links) {
        Files.createSymbolicLink(moved.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(moved.resolve("f"), Path.of("../f"));
      }
      String owner = Integer.toString(chain.user("alice").uid());
      for (Path p : new Path[] {outside, sub}) {
        assertEquals(
            0,
            new ProcessBuilder("chown", "-hR", owner + ":" + owner, p.toString())
                .start()
                .waitFor());
      }
    }

    void run(String up) throws Exception {
      AtomicBoolean over = new AtomicBoolean();
      Thread mover =
          Thread.ofPlatform()
              .start(() -> {
                while (!over.get()) {
                  try {
                    Files.move(
                        sub.resolve("moved"),
                        outside.resolve("moved"),
                        StandardCopyOption.ATOMIC_MOVE);
                    Files.move(
                        outside.resolve("moved"),
                        sub.resolve("moved"),
                        StandardCopyOption.ATOMIC_MOVE);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      int done = 0;
      try (Dialogue d = chain.login("alice")) {
        d.expect(200, "TYPE I");
        for (int i = 0; i < ROUNDS; i++) {
          done += fetch(d, "RETR " + up + "/f", "inside");
          done += fetch(d, "RETR " + up + "/moved/f", "inside");
          done += fetch(d, "NLST " + up, null);
          done += fetch(d, "MLSD " + up, null);
          done += store(d, "STOR " + up + "/new");
          done += store(d, "APPE " + up + "/new");
          for (String line :
              new String[] {
                "MKD %s/made",
                "RMD %s/made",
                "RMD %s/empty",
                "DELE %s/victim",
                "SIZE %s/f",
                "SITE CHMOD 666 %s/f",
                "MFMT 20010101000000 %s/f",
                "CWD %s"
              }) {
            done += d.command(line.formatted(up)).code() < 300 ? 1 : 0;
          }
          if (d.command("RNFR " + up + "/new").code() == 350) {
            done += d.command("RNTO " + up + "/renamed").code() == 250 ? 1 : 0;
          }
          assertNothingReached();
        }
      } finally {
        over.set(true);
        mover.join(10_000);
      }
      assertTrue(done > ROUNDS, done + " were done at all");
    }

    private static int fetch(Dialogue d, String line, String only) throws IOException {
      try (Socket data = d.passive()) {
        if (d.command(line).code() != 150) {
          return 0;
        }
        byte[] got = data.getInputStream().readAllBytes();
        d.expect(226);
        String text = new String(got, StandardCharsets.ISO_8859_1);
        if (only != null) {
          assertEquals(only, text, line);
        }
        return 1;
      }
    }

    private static int store(Dialogue d, String line) throws IOException {
      try (Socket data = d.passive()) {
        if (d.command(line).code() != 150) {
          return 0;
        }
        data.getOutputStream().write('x');
        data.shutdownOutput();
        d.expect(226);
        return 1;
      }
    }

    private void assertNothingReached() throws IOException {
      for (String name : new String[] {"f", "victim"}) {
        Path p = outside.resolve(name);
        assertEquals("secret", Files.readString(p));
        assertEquals(0644, (int) Files.getAttribute(p, "unix:mode") & 0777);
        assertTrue(Files.getLastModifiedTime(p).toMillis() > 1_000_000_000_000L);
      }
      try (Stream<Path> all = Files.list(outside)) {
        for (String name : all.map(p -> p.getFileName().toString()).toList()) {
          assertTrue(name.matches("f|victim|empty|moved"), name);
        }
      }
      assertTrue(Files.exists(outside.resolve("empty")));
      assertFalse(Files.exists(outside.resolve("made")));
    }

    @Override
    public void close() throws IOException {
      chain.close();
    }
  }

  @Test
  void row50_lockhomeIsNotLeftByADirectoryThatMoves() throws Exception {
    try (Race race = new Race("LOCKHOME", true)) {
      race.run(race.sub + "/moved/up");
    }
  }

  /** With SOFTCHROOT links may lead out, but no path that a client sends does. */
  @Test
  void row50_softchrootIsNotLeftByWhatAClientSays() throws Exception {
    try (Race race = new Race("SOFTCHROOT", false)) {
      race.run("/sub/moved/..");
    }
  }
}
