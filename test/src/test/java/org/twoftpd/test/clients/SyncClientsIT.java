/*
 * Programs that synchronise trees, and those that show them: rclone, sitecopy, yafc, gFTP.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ClientLab.Shared.class)
class SyncClientsIT {
  private final ClientLab lab;

  SyncClientsIT(ClientLab lab) {
    this.lab = lab;
  }

  static List<DataConnectionMode> rclone() {
    return Client.RCLONE.ways();
  }

  static List<DataConnectionMode> sitecopy() {
    return Client.SITECOPY.ways();
  }

  static List<DataConnectionMode> yafc() {
    return Client.YAFC.ways();
  }

  static List<DataConnectionMode> gftp() {
    return Client.GFTP.ways();
  }

  /** This version of rclone trims blanks and renames tabs, so the hardest names are left out. */
  @ParameterizedTest
  @MethodSource("rclone")
  void rcloneSyncsChecksCopiesMovesAndPurges(DataConnectionMode way) throws IOException {
    lab.listen();
    String password = lab.run("rclone", "obscure", "pw-alice").trim();
    String there =
        ":ftp,host=\""
            + (way.place == 0 ? "127.0.0.1" : "[::1]")
            + "\",port="
            + lab.port(way)
            + ",user=alice,pass="
            + password
            + ",concurrency=4,disable_epsv="
            + (way == DataConnectionMode.PASV)
            + ":";
    lab.run("rclone", "sync", "mild", there + "rc");
    lab.assertSame(lab.scratch("mild"), lab.stored("rc"));
    lab.run("rclone", "check", "--download", "mild", there + "rc");
    Files.delete(lab.stored("rc/file-40.dat"));
    Files.writeString(lab.stored("rc/extra"), "x");
    assertEquals(1, lab.status("", new StringBuilder(), "rclone", "check", "mild", there + "rc"));
    lab.run("rclone", "sync", "mild", there + "rc");
    lab.assertSame(lab.scratch("mild"), lab.stored("rc"));
    assertTrue(lab.run("rclone", "size", there + "rc").contains("Total objects: 100 (100)"));
    assertTrue(lab.run("rclone", "lsf", there + "rc").contains("dir 2/"));
    lab.run("rclone", "moveto", there + "rc/file-41.dat", there + "rc/moved/it");
    assertTrue(Files.exists(lab.stored("rc/moved/it")));
    lab.run("rclone", "moveto", there + "rc/moved/it", there + "rc/file-41.dat");
    lab.run("rclone", "rmdir", there + "rc/moved");
    lab.run("rclone", "copy", there + "rc", "back");
    lab.assertSame(lab.scratch("mild"), lab.scratch("back"));
    assertEquals(
        lab.run("cat", "text"),
        lab.runWith(lab.run("cat", "text"), "rclone", "rcat", there + "rc/cat")
            + lab.run("rclone", "cat", there + "rc/cat"));
    lab.run("rclone", "mkdir", there + "rc/new");
    lab.run("rclone", "purge", there + "rc");
    assertFalse(Files.exists(lab.stored("rc")));
    lab.assertTook(way);
    lab.remove(lab.scratch("back"));
  }

  @ParameterizedTest
  @MethodSource("sitecopy")
  void sitecopyUpdatesOnlyWhatHasChanged(DataConnectionMode way) throws IOException {
    Path site = Files.createDirectory(lab.scratch("site"));
    lab.run("cp", "-r", "mild", "site/local");
    Path rc = site.resolve("rc");
    Files.writeString(
        rc,
        """
        site s
         server %s
         port %s
         protocol ftp
         username alice
         password pw-alice
         local %s/
         remote /sc/
         permissions all
         %s
        """
            .formatted(
                way.host(),
                lab.port(way),
                site.resolve("local"),
                way.isActive() ? "ftp nopasv" : ""));
    Files.setPosixFilePermissions(rc, PosixFilePermissions.fromString("rw-------"));
    Path store = Files.createDirectory(site.resolve("store"));
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectory(lab.stored("sc"));
    lab.run("chown", "64101", lab.stored("sc").toString());
    lab.listen();
    String[] command = {"sitecopy", "-q", "-r", rc.toString(), "-p", store.toString(), "-i", "s"};
    lab.run(command);
    command[6] = "-u";
    lab.run(command);
    lab.assertSame(site.resolve("local"), lab.stored("sc"));
    Files.delete(site.resolve("local/file-40.dat"));
    Files.writeString(site.resolve("local/with space"), "changed");
    lab.run(command);
    lab.assertSame(site.resolve("local"), lab.stored("sc"));
    command[6] = "-f";
    lab.run(command);
    lab.assertTook(way);
    lab.remove(site, lab.stored("sc"));
  }

  @ParameterizedTest
  @MethodSource("yafc")
  void yafcPutsGetsAndRemovesATree(DataConnectionMode way) throws IOException {
    lab.listen();
    lab.runWith(
        """
        mkdir ya
        cd ya
        put -r odd
        get -r -o yaback odd
        ls -la
        cd /
        quit
        """,
        "yafc",
        "-n",
        lab.url(way));
    lab.assertSame(lab.scratch("odd"), lab.stored("ya/odd"));
    lab.assertSame(lab.scratch("odd"), lab.scratch("yaback/odd"));
    lab.runWith("rm -r ya\nquit\n", "yafc", "-n", lab.url(way));
    assertFalse(Files.exists(lab.stored("ya")));
    lab.assertTook(way);
    lab.remove(lab.scratch("yaback"));
  }

  @ParameterizedTest
  @MethodSource("gftp")
  void gftpShowsStoresAndFetches(DataConnectionMode way) throws IOException {
    lab.listen();
    String said =
        lab.runWith(
            "open "
                + lab.url(way).replaceAll("/$", "")
                + "\nput text\nls\nmkdir gf\nrename text gf2\nlcd odd\nget gf2\ndelete gf2\nrmdir gf\n"
                + "close\nquit\n",
            "gftp-text");
    assertTrue(said.contains("text"), said);
    assertEquals(Files.size(lab.scratch("text")), Files.size(lab.scratch("odd/gf2")), said);
    assertFalse(Files.exists(lab.stored("gf2")), said);
    assertFalse(Files.exists(lab.stored("gf")), said);
    lab.assertTook(way);
    lab.remove(lab.scratch("odd/gf2"));
  }
}
