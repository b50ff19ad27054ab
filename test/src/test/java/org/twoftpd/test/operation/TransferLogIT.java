package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/** The log of transfers, as xferlog(5) has it. */
class TransferLogIT {
  private static List<String> lines(Path log) throws IOException {
    return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command[0]);
  }

  @Test
  void transfersForLogAnalysers() throws IOException {
    ChainOptions o = Chain.options();
    Path log = o.directory().resolve("xferlog");
    Path pub = Files.createDirectory(o.directory().resolve("pub"));
    Files.setPosixFilePermissions(pub, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(pub.resolve("open"), "to all");
    try (Chain chain =
        o.user("alice")
            .set("XFERLOG", log.toString())
            .set("ANONYMOUS", "also")
            .set("UID", "64150")
            .set("GID", "64150")
            .set("HOME", pub.toString())
            .start()) {
      try (Dialogue d = chain.login("alice")) {
        d.expect(200, "TYPE I");
        d.store("STOR for analysers\0", new byte[123]);
        d.expect(200, "TYPE A");
        d.fetch("RETR for analysers\0");
        d.expect(250, "DELE for analysers\0");
      }
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER anonymous");
        d.expect(230, "PASS somebody@example.org");
        d.expect(200, "TYPE I");
        assertEquals("to all", d.fetchText("RETR open"));
      }
      String time =
          "[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d 20\\d\\d \\d+ 127\\.0\\.0\\.1 ";
      for (String expected :
          List.of(
              "123 /for_analysers_ b _ i r alice ftp 0 \\* c",
              "123 /for_analysers_ a _ o r alice ftp 0 \\* c",
              "6 /open b _ o a \\? ftp 0 \\* c")) {
        Chain.eventuallyTold(
            expected, () -> lines(log).stream().anyMatch(l -> l.matches(time + expected)));
      }
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
      // The log is rotated as logrotate does it.
      Files.move(log, log.resolveSibling("xferlog.1"));
      Chain.signal("HUP", chain.monitor());
      Chain.eventually("a new file", () -> Files.exists(log));
      try (Dialogue d = chain.login("alice")) {
        d.store("STOR rotated", new byte[1]);
        d.expect(250, "DELE rotated");
      }
      Chain.eventually("a line in the new file", () -> log.toFile().length() > 0);
    }
  }

  /** The transfer itself is not to blame: it succeeds, and the log of the service has the rest. */
  @Test
  void aLineThatTheDiskHasNoRoomForIsTold() throws Exception {
    ChainOptions o = Chain.options().user("alice");
    Path disk = Files.createDirectory(o.directory().resolve("disk"));
    Path log = disk.resolve("xferlog");
    run("mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", disk.toString());
    try (Chain chain = o.set("XFERLOG", log.toString()).start();
        AutoCloseable _ = () -> run("umount", "-l", disk.toString());
        Dialogue d = chain.login("alice")) {
      Path rest = disk.resolve("rest");
      try (var all = Files.newOutputStream(rest)) {
        while (true) {
          all.write(new byte[4096]);
        }
      } catch (IOException e) {
        // As it should be: the disk is full.
      }
      d.store("STOR a b", new byte[3]);
      chain.eventuallyLogged("xferlog-failed path=\"/a b\"");
      assertEquals(List.of(), lines(log));
      Files.delete(rest);
      d.store("STOR after", new byte[3]);
      Chain.eventuallyTold("a line again", () -> lines(log).size() == 1);
      chain.eventuallyLogged("upload user=alice .*path=\"/a b\" .*result=done");
    }
  }
}
