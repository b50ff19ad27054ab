/*
 * Disks that are full or read-only, and files and directories that change while a session uses them.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** The session answers each, loses nothing that was there, and goes on. Row 42. */
class FileSystemFailureIT {
  private static Chain chain;
  private static Chain atomic;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").start();
    atomic = Chain.options().user("alice").set("ATOMIC_STORE", "on").start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
    atomic.close();
  }

  private static Dialogue login(Chain c) throws IOException {
    Dialogue d = c.login("alice");
    d.expect(200, "TYPE I");
    return d;
  }

  private static boolean run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A tmpfs in alice's home, as "disk". */
  private record Disk(Path place) implements AutoCloseable {
    static Disk of(Chain c, String options) throws IOException {
      Path place = c.user("alice").home().resolve("disk");
      Files.createDirectory(place);
      if (!run("mount", "-t", "tmpfs", "-o", "mode=777," + options, "tmpfs", place.toString())) {
        Files.delete(place);
        return null;
      }
      return new Disk(place);
    }

    @Override
    public void close() throws IOException {
      run("umount", "-l", place.toString());
      Files.delete(place);
    }
  }

  private static void storeTooMuch(Dialogue d, String line, int code) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, line);
      try {
        data.getOutputStream().write(new byte[300_000]);
        data.shutdownOutput();
      } catch (IOException e) {
        // The server has stopped reading.
      }
      d.expect(code);
    }
  }

  @Test
  void aFullDiskIs452() throws IOException {
    for (Chain c : new Chain[] {chain, atomic}) {
      try (Disk disk = Disk.of(c, "size=64k");
          Dialogue d = login(c)) {
        d.store("STOR disk/old", new byte[4096]);
        for (String type : new String[] {"TYPE I", "TYPE A"}) {
          d.expect(200, type);
          storeTooMuch(d, "STOR disk/x", 452);
          storeTooMuch(d, c == atomic ? "STOR disk/old" : "APPE disk/x", 452);
          if (c == chain) {
            d.expect(250, "DELE disk/x");
          }
        }
        assertEquals(4096, Files.size(disk.place.resolve("old")));
        d.store("STOR disk/x", new byte[8192]);
        d.expect(257, "PWD");
      }
    }
  }

  @Test
  void noInodesLeftIs452() throws IOException {
    try (Disk _ = Disk.of(chain, "nr_inodes=2");
        Dialogue d = login(chain)) {
      d.store("STOR disk/a", new byte[1]);
      d.passive().close();
      d.expect(452, "STOR disk/b");
      d.expect(550, "MKD disk/b");
      d.store("STOR disk/a", new byte[2]);
    }
  }

  @Test
  void aQuotaIs552() throws IOException {
    try (Disk disk = Disk.of(chain, "usrquota,usrquota_block_hardlimit=64k")) {
      assumeTrue(disk != null, "this kernel has no quota on tmpfs (CONFIG_TMPFS_QUOTA, Linux 6.6)");
      try (Dialogue d = login(chain)) {
        storeTooMuch(d, "STOR disk/x", 552);
        d.expect(250, "DELE disk/x");
        d.store("STOR disk/x", new byte[8192]);
      }
    }
  }

  @Test
  void aReadOnlyFileSystemIs550ForWhatChangesIt() throws IOException {
    try (Disk disk = Disk.of(chain, "size=64k");
        Dialogue d = login(chain)) {
      d.store("STOR disk/f", new byte[3]);
      run("mount", "-o", "remount,ro", disk.place.toString());
      for (String verb : new String[] {"STOR disk/f", "STOR disk/n", "APPE disk/f"}) {
        d.passive().close();
        d.expect(550, verb);
      }
      d.expect(550, "MKD disk/d");
      d.expect(550, "DELE disk/f");
      d.expect(350, "RNFR disk/f");
      d.expect(550, "RNTO disk/g");
      d.expect(550, "SITE CHMOD 600 disk/f");
      d.expect(550, "MFMT 20200101000000 disk/f");
      assertEquals(3, d.fetch("RETR disk/f").length);
    }
  }

  @Test
  void aFileThatIsCutWhileItIsSentIs451AndNoCleanEnd() throws IOException {
    for (String type : new String[] {"TYPE I", "TYPE A"}) {
      Path big = chain.user("alice").home().resolve("big");
      Files.write(big, new byte[64 << 20]);
      try (Dialogue d = login(chain);
          Socket data = d.passive()) {
        d.expect(200, type);
        d.expect(150, "RETR big");
        data.getInputStream().readNBytes(10);
        try (RandomAccessFile f = new RandomAccessFile(big.toFile(), "rw")) {
          f.setLength(10);
        }
        assertThrows(SocketException.class, () -> data.getInputStream().readAllBytes());
        d.expect(451);
        d.expect(213, "SIZE big");
        d.expect(250, "DELE big");
      }
    }
  }

  @Test
  void aCurrentDirectoryThatIsRemovedLeavesTheWayOut() throws IOException {
    try (Dialogue d = login(chain)) {
      d.expect(257, "MKD a");
      d.expect(257, "MKD a/b");
      d.expect(250, "CWD a/b");
      Path home = chain.user("alice").home();
      Files.delete(home.resolve("a/b"));
      Files.delete(home.resolve("a"));
      d.expect(257, "PWD");
      List<String> refused = new ArrayList<>(List.of("LIST", "NLST", "MLSD", "STOR f", "RETR f"));
      for (String c : refused) {
        d.passive().close();
        d.expect(550, c);
      }
      d.expect(550, "MKD c");
      d.expect(550, "CDUP");
      d.expect(250, "CWD /");
      d.expect(257, "PWD");
    }
  }
}
