/*
 * Clients that delete and mirror whole trees, on trees with symbolic links: what a link leads to survives.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.twoftpd.test.harness.Dialogue;

/**
 * In alice's home are {@code keep/precious} and a tree of one file and of links: to that directory,
 * to its file, to nowhere, and one to the tree itself.
 */
@ExtendWith(ClientLab.Shared.class)
class TreesWithLinksIT {
  /** Deletes a tree as recipes for ftplib have it; the first argument is the command to list by. */
  private static final String WALKER =
      """
      import ftplib, sys
      how, port = sys.argv[1:]
      f = ftplib.FTP()
      f.connect("127.0.0.1", int(port))
      f.login("alice", "pw-alice")
      f.encoding = "latin-1"

      def entries(path):
          if how == "MLSD":
              return [(n, x["type"] == "dir") for n, x in f.mlsd(path)
                      if x["type"] not in ("cdir", "pdir")]
          lines = []
          f.retrlines("LIST " + path, lines.append)
          found = []
          for l in lines:
              name = l.split(None, 8)[8]
              found.append((name.split(" -> ")[0] if l[0] == "l" else name, l[0] == "d"))
          return found

      def remove(path):
          for name, directory in entries(path):
              if directory:
                  remove(path + "/" + name)
              else:
                  f.delete(path + "/" + name)
          f.rmd(path)

      remove("/tree")
      f.quit()
      """;

  private static final String BASIC_FTP =
      """
      const ftp = require("basic-ftp");
      (async () => {
        const c = new ftp.Client(20000);
        if (process.argv[3] === "LIST") c.availableListCommands = ["LIST"];
        await c.access({host: "127.0.0.1", port: Number(process.argv[2]),
          user: "alice", password: "pw-alice"});
        const links = (await c.list("/tree")).filter(e => e.isSymbolicLink);
        await c.removeDir("/tree");
        c.close();
        console.log(links.map(e => e.name + "=" + e.link).join(" "));
      })().catch(e => { console.error(e); process.exit(1); });
      """;

  private final ClientLab lab;

  TreesWithLinksIT(ClientLab lab) {
    this.lab = lab;
  }

  @BeforeEach
  void make() throws IOException {
    Path home = lab.stored(".").normalize();
    Files.createDirectory(home.resolve("keep"));
    Files.writeString(home.resolve("keep/precious"), "precious");
    Files.createDirectory(home.resolve("tree"));
    Files.writeString(home.resolve("tree/f"), "f");
    Files.createSymbolicLink(home.resolve("tree/out"), Path.of("../keep"));
    Files.createSymbolicLink(home.resolve("tree/file"), Path.of("../keep/precious"));
    Files.createSymbolicLink(home.resolve("tree/lost"), Path.of("nowhere"));
    Files.createSymbolicLink(home.resolve("tree/loop"), Path.of("."));
    String owner = Integer.toString(lab.chain().user("alice").uid());
    lab.run("chown", "-hR", owner, lab.stored("keep").toString(), lab.stored("tree").toString());
  }

  @AfterEach
  void clean() throws IOException {
    lab.remove(lab.stored("keep"), lab.stored("tree"));
  }

  private void assertOnlyTheTreeIsGone() throws IOException {
    assertFalse(Files.exists(lab.stored("tree"), LinkOption.NOFOLLOW_LINKS), "the tree is there");
    assertEquals("precious", Files.readString(lab.stored("keep/precious")));
  }

  private static long files(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      return all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).count();
    }
  }

  private void lftp(String script) throws IOException {
    lab.run(
        "lftp",
        "--norc",
        "-c",
        "set net:max-retries 1; set net:timeout 20; set cmd:fail-exit yes; open "
            + lab.url(DataConnectionMode.PASV)
            + "; "
            + script);
  }

  @Test
  void row57_lftpDeletesLinksAndNotWhatTheyLeadTo() throws IOException {
    lftp("rm -r tree");
    assertOnlyTheTreeIsGone();
  }

  @Test
  void row57_lftpDoesSoByMlsdToo() throws IOException {
    lftp("set ftp:use-mlsd yes; rm -r tree");
    assertOnlyTheTreeIsGone();
  }

  @Test
  void row57_lftpMirrorsALoopOnce() throws IOException {
    for (String setting : new String[] {"no", "yes"}) {
      Path copy = lab.scratch("mirrored-" + setting);
      lftp("set ftp:use-mlsd " + setting + "; mirror tree " + copy.getFileName());
      assertEquals(1, files(copy));
      assertEquals("../keep", Files.readSymbolicLink(copy.resolve("out")).toString());
      assertEquals(".", Files.readSymbolicLink(copy.resolve("loop")).toString());
      lab.remove(copy);
    }
  }

  private String rclone() throws IOException {
    return ":ftp,host=\"127.0.0.1\",port="
        + lab.port(DataConnectionMode.PASV)
        + ",user=alice,pass="
        + lab.run("rclone", "obscure", "pw-alice").trim()
        + ":tree";
  }

  @Test
  void row57_rclonePurgesLinksAndNotWhatTheyLeadTo() throws IOException {
    lab.run("rclone", "purge", rclone());
    assertOnlyTheTreeIsGone();
  }

  /** The client fetches through a link as if it were a file, so links to directories fail. */
  @Test
  void row57_rcloneFollowsNoLoop() throws IOException {
    Path copy = lab.scratch("rcloned");
    int _ = lab.status("", new StringBuilder(), "rclone", "copy", rclone(), copy.toString());
    long found = files(copy);
    assertTrue(found >= 1 && found <= 2, () -> found + " files");
    lab.remove(copy);
  }

  private void walk(String how) throws IOException {
    Path script = lab.scratch("walker.py");
    Files.writeString(script, WALKER);
    lab.run("python3", script.toString(), how, lab.port(DataConnectionMode.PASV));
    assertOnlyTheTreeIsGone();
  }

  @Test
  void row57_aWalkerByMlsdDeletesLinksAndNotWhatTheyLeadTo() throws IOException {
    walk("MLSD");
  }

  @Test
  void row57_aWalkerByListDeletesLinksAndNotWhatTheyLeadTo() throws IOException {
    walk("LIST");
  }

  private void basicFtp(String how) throws IOException {
    String modules = System.getenv("NODE_PATH");
    assumeTrue(
        modules != null && Files.exists(Path.of(modules, "basic-ftp")),
        "NODE_PATH leads to no basic-ftp");
    Path script = lab.scratch("remove.js");
    Files.writeString(script, BASIC_FTP);
    String said = lab.run("node", script.toString(), lab.port(DataConnectionMode.PASV), how);
    assertEquals("file=../keep/precious loop=. lost=nowhere out=../keep", said.trim());
    assertOnlyTheTreeIsGone();
  }

  @Test
  void row57_basicFtpDeletesLinksAndNotWhatTheyLeadTo() throws IOException {
    basicFtp("MLSD");
  }

  @Test
  void row57_basicFtpDoesSoByListToo() throws IOException {
    basicFtp("LIST");
  }

  @Test
  void row57_enteringAndFetchingThroughLinksWorks() throws IOException {
    try (Dialogue d = lab.chain().login("alice")) {
      d.expect(200, "TYPE I");
      assertEquals("precious", d.fetchText("RETR tree/file"));
      assertEquals("precious", d.fetchText("RETR tree/out/precious"));
      d.expect(213, "SIZE tree/file");
      d.expect(550, "RMD tree/out");
      d.expect(250, "CWD tree/out");
      assertTrue(d.fetchText("LIST").contains(" precious\r\n"));
      d.store("STOR new", new byte[3]);
      d.expect(250, "CWD /");
      d.expect(250, "DELE tree/out");
      assertEquals(3, Files.size(lab.stored("keep/new")));
    }
  }
}
