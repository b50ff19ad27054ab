/*
 * lftp: whole trees, parts in parallel, and its commands for files.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ClientLab.Shared.class)
class LftpIT {
  private final ClientLab lab;

  LftpIT(ClientLab lab) {
    this.lab = lab;
  }

  static List<DataConnectionMode> ways() {
    return Client.LFTP.ways();
  }

  private String lftp(DataConnectionMode way, String script) throws IOException {
    return lab.run(
        "lftp",
        "--norc",
        "-c",
        "set net:max-retries 1; set net:timeout 20; set cmd:fail-exit yes; set ftp:prefer-epsv "
            + (way == DataConnectionMode.EPSV)
            + "; set ftp:passive-mode "
            + !way.isActive()
            + "; open "
            + lab.url(way)
            + "; "
            + script);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void mirrorsATreeOfOddNamesUpAndDown(DataConnectionMode way) throws IOException {
    lab.listen();
    lftp(way, "mirror -R --parallel=4 odd up; mirror --parallel=4 up down");
    lab.assertSame(lab.scratch("odd"), lab.stored("up"));
    lab.assertSame(lab.scratch("odd"), lab.scratch("down"));
    lftp(way, "rm -r up");
    assertFalse(Files.exists(lab.stored("up")));
    lab.remove(lab.scratch("down"));
    lab.assertTook(way);
  }

  @Test
  void aSecondMirrorMovesOnlyWhatHasChanged() throws IOException {
    lftp(DataConnectionMode.PASV, "mirror -R mild up");
    assertEquals("", lftp(DataConnectionMode.PASV, "mirror -R mild up"));
    Path extra = lab.stored("up/extra");
    Files.writeString(extra, "not here");
    Files.write(lab.stored("up/with space"), new byte[] {1});
    lftp(DataConnectionMode.PASV, "mirror -R --delete mild up");
    lab.assertSame(lab.scratch("mild"), lab.stored("up"));
    lftp(
        DataConnectionMode.PASV,
        "mirror --only-newer --include 'file-.*' up part; mirror --use-pget-n=3 up all");
    lab.assertSame(lab.scratch("mild"), lab.scratch("all"));
    assertTrue(Files.exists(lab.scratch("part/file-40.dat")));
    assertFalse(Files.exists(lab.scratch("part/with space")));
    lftp(DataConnectionMode.PASV, "rm -rf up");
    lab.remove(lab.scratch("part"), lab.scratch("all"));
  }

  @Test
  void resumesAndReadsInParts() throws IOException {
    byte[] big = ClientLab.random(3_000_000);
    lab.place("big", big);
    Files.write(lab.scratch("half"), Arrays.copyOf(big, 1_000_001));
    Files.write(lab.scratch("again"), Arrays.copyOf(big, 2_000_001));
    lab.place("up", Arrays.copyOf(big, 1_234_567));
    lftp(
        DataConnectionMode.PASV,
        "get -c big -o half; reget big -o again; pget -n 4 big -o parts; reput big -o up");
    for (String file : new String[] {"half", "again", "parts"}) {
      assertArrayEquals(big, Files.readAllBytes(lab.scratch(file)), file);
      Files.delete(lab.scratch(file));
    }
    assertArrayEquals(big, Files.readAllBytes(lab.stored("up")));
    lftp(DataConnectionMode.PASV, "rm big up");
  }

  @Test
  void movesManyFilesByPatternsAndQueues() throws IOException {
    Files.createDirectory(lab.scratch("m2"));
    lftp(
        DataConnectionMode.EPSV,
        "mkdir -p m/n; mput -O m mild/file-4*.dat; mget -O m2 m/file-4[0-3].dat; "
            + "queue get m/file-44.dat -o q1; queue get m/file-45.dat -o q2; queue start; wait all; "
            + "mrm m/file-41.dat; glob rm m/file-42*");
    for (int i = 40; i < 44; i++) {
      String name = "file-" + i + ".dat";
      assertArrayEquals(
          Files.readAllBytes(lab.scratch("mild/" + name)),
          Files.readAllBytes(lab.scratch("m2/" + name)));
    }
    assertEquals(Files.size(lab.scratch("mild/file-44.dat")), Files.size(lab.scratch("q1")));
    assertEquals(Files.size(lab.scratch("mild/file-45.dat")), Files.size(lab.scratch("q2")));
    assertFalse(Files.exists(lab.stored("m/file-41.dat")));
    assertFalse(Files.exists(lab.stored("m/file-42.dat")));
    assertTrue(Files.exists(lab.stored("m/file-43.dat")));
    lftp(DataConnectionMode.EPSV, "rm -r m");
    lab.remove(lab.scratch("m2"), lab.scratch("q1"), lab.scratch("q2"));
  }

  @Test
  void looksAndChangesAsAShellDoes() throws IOException {
    lftp(DataConnectionMode.PASV, "mirror -R mild look");
    assertEquals(
        lab.run("find", "mild", "-mindepth", "1").lines().count(),
        lftp(DataConnectionMode.PASV, "cd look; find .")
            .lines()
            .filter(l -> !l.equals("./"))
            .count());
    assertTrue(lftp(DataConnectionMode.PASV, "du -s look").contains("look"));
    String listed = lftp(DataConnectionMode.PASV, "cd look; cls -1 --sort=name file-*");
    assertTrue(listed.startsWith("file-36.dat\nfile-37.dat\n"), listed);
    assertTrue(lftp(DataConnectionMode.PASV, "cls -l look/file-40.dat").startsWith("-rw-r--r--"));
    assertEquals("one\ntwo\n\nfour\n", lftp(DataConnectionMode.PASV, "put text; cat text"));
    lftp(
        DataConnectionMode.PASV,
        "chmod 600 text; mv text text2; ln -s text2 x || echo no; edit -h || echo no");
    assertEquals(0600, (Integer) Files.getAttribute(lab.stored("text2"), "unix:mode") & 07777);
    lftp(
        DataConnectionMode.PASV,
        "mv text2 look/; cd look; rm text2; cd ..; rm -r look; mkdir d; rmdir d");
    assertFalse(Files.exists(lab.stored("look")));
  }
}
