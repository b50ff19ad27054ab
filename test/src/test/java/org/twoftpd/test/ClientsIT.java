package org.twoftpd.test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The clients that people use, with a tree of a thousand files that have every kind of name. */
class ClientsIT {
  private static final String[] ODD = {
    "with space",
    " leading",
    "trailing ",
    "-dash",
    "--",
    "quote\"",
    "single'",
    "back\\slash",
    "star*",
    "quest?",
    "br[ack]et",
    "tab\there",
    "umlaut-\u00fc",
    "kanji-\u6f22\u5b57",
    "semi;colon",
    "percent%20",
    "hash#",
    "amp&",
    "dollar$HOME",
    "tilde~",
    "paren(1)",
    "comma,",
    "colon:",
    "pipe|",
    "plus+",
    "equals=",
    "at@",
    "exclam!",
    "brace{a,b}",
    "caret^",
    ".hidden",
    "..double",
    "dot.",
    "\u00e9\u0301combining",
    "emoji-\ud83d\ude00",
    "long-" + "n".repeat(200),
  };

  private static Chain chain;
  private static Path scratch;
  private static Path tree;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .set("MAX_PER_IP", "50")
            .set("MAX_PER_USER", "50")
            .start();
    scratch = Files.createDirectory(chain.directory().resolve("scratch"));
    tree = Files.createDirectory(scratch.resolve("tree"));
    Random random = new Random(7);
    int n = 0;
    for (int d = 0; n < 1000; d++) {
      Path dir = tree.resolve(d == 0 ? "." : "dir " + d + (d % 3 == 0 ? "/[sub]" : "")).normalize();
      Files.createDirectories(dir);
      for (int i = 0; i < 50 && n < 1000; i++, n++) {
        byte[] content = new byte[random.nextInt(3000)];
        random.nextBytes(content);
        Files.write(dir.resolve(i < ODD.length ? ODD[i] : "file-" + i + ".dat"), content);
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static String url(int place) {
    String host = place == 0 ? "127.0.0.1" : "[::1]";
    return "ftp://alice:pw-alice@" + host + ":" + chain.port(place);
  }

  /** Runs a program to its end; it must succeed. */
  private static String run(String... command) throws IOException {
    Process p =
        new ProcessBuilder(command).directory(scratch.toFile()).redirectErrorStream(true).start();
    p.getOutputStream().close();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertTrue(p.waitFor(120, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertEquals(0, p.exitValue(), () -> Arrays.toString(command) + ": " + out);
    return out;
  }

  private static String lftp(int place, String script) throws IOException {
    return run(
        "lftp",
        "--norc",
        "-c",
        "set net:max-retries 1; set net:timeout 20; set cmd:fail-exit yes; open "
            + url(place)
            + "; "
            + script);
  }

  @Test
  void lftpMirrorsATreeOfOddNamesUpAndDown() throws IOException {
    for (int place = 0; place < 2; place++) {
      for (String passive : new String[] {"on", "off"}) {
        String set = "set ftp:passive-mode " + passive + "; ";
        lftp(place, set + "mirror -R --parallel=4 tree up; mirror --parallel=4 up down");
        run("diff", "-r", "tree", chain.user("alice").home().resolve("up").toString());
        run("diff", "-r", "tree", "down");
        lftp(place, set + "rm -r up");
        run("rm", "-r", "down");
      }
    }
  }

  @Test
  void lftpResumesAndReadsInParts() throws IOException {
    byte[] content = new byte[5_000_000];
    new Random(3).nextBytes(content);
    Files.write(scratch.resolve("big"), content);
    Files.write(scratch.resolve("half"), Arrays.copyOf(content, 2_000_001));
    lftp(
        0,
        "put big; get -c big -o half; pget -n 4 big -o parts; mput tree/file-4*.dat; glob rm file-4*.dat");
    assertArrayEquals(content, Files.readAllBytes(scratch.resolve("half")));
    assertArrayEquals(content, Files.readAllBytes(scratch.resolve("parts")));
    lftp(0, "rm big; mkdir d; mv d e; rmdir e");
  }

  @Test
  void curlStoresFetchesListsAppendsResumesAndQuotes() throws IOException {
    byte[] content = new byte[300_000];
    new Random(4).nextBytes(content);
    Files.write(scratch.resolve("c"), content);
    for (int place = 0; place < 2; place++) {
      for (String[] mode :
          new String[][] {
            {"--ftp-pasv"}, {"--disable-epsv"}, {"-P", "-"}, {"-P", "-", "--disable-eprt"}
          }) {
        if (place == 1 && (mode[0].equals("--disable-epsv") || mode.length == 3)) {
          // These have no form for IPv6.
          continue;
        }
        String[] base = concat(new String[] {"curl", "-sS", "--fail", "--max-time", "60"}, mode);
        run(concat(base, "-T", "c", "--ftp-create-dirs", url(place) + "/new/dir%20x/c"));
        run(concat(base, "-o", "back", url(place) + "/new/dir%20x/c"));
        assertArrayEquals(content, Files.readAllBytes(scratch.resolve("back")));
        Files.write(scratch.resolve("back"), Arrays.copyOf(content, 100_000));
        run(concat(base, "-C", "-", "-o", "back", url(place) + "/new/dir%20x/c"));
        assertArrayEquals(content, Files.readAllBytes(scratch.resolve("back")));
        run(concat(base, "-a", "-T", "c", url(place) + "/new/dir%20x/c"));
        assertEquals(600_000, Files.size(chain.user("alice").home().resolve("new/dir x/c")));
        assertTrue(run(concat(base, url(place) + "/new/")).contains("dir x"));
        assertEquals(
            "dir x\r\n",
            run(concat(base, "-l", url(place) + "/new/"))
                .replace("\n", "\r\n")
                .replace("\r\r", "\r"));
        assertTrue(
            run(concat(base, "-I", url(place) + "/new/dir%20x/c"))
                .contains("Content-Length: 600000"));
        run(
            concat(
                base,
                "-l",
                url(place) + "/",
                "-Q",
                "-RNFR new/dir x/c",
                "-Q",
                "-RNTO new/c",
                "-Q",
                "-DELE new/c",
                "-Q",
                "-RMD new/dir x",
                "-Q",
                "-RMD new"));
      }
    }
  }

  private static String[] concat(String[] a, String... b) {
    String[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Test
  void pythonsFtplibDoesItsWholeRange() throws IOException {
    Path script = scratch.resolve("client.py");
    Files.writeString(
        script,
        """
        import ftplib, io, sys
        for passive in (True, False):
            f = ftplib.FTP(timeout=30)
            assert f.connect(sys.argv[1], int(sys.argv[2])).startswith('220')
            f.login('alice', 'pw-alice')
            f.set_pasv(passive)
            f.mkd('py'); f.cwd('py')
            assert f.pwd() == '/py'
            data = bytes(range(256)) * 1000
            f.storbinary('STOR data', io.BytesIO(data))
            assert f.size('data') == len(data)
            got = io.BytesIO(); f.retrbinary('RETR data', got.write); assert got.getvalue() == data
            got = io.BytesIO(); f.retrbinary('RETR data', got.write, rest=1000); assert got.getvalue() == data[1000:]
            f.storlines('STOR text', io.BytesIO(b'one\\ntwo\\n'))
            lines = []; f.retrlines('RETR text', lines.append); assert lines == ['one', 'two']
            assert sorted(f.nlst()) == ['data', 'text']
            facts = dict(f.mlsd())
            assert facts['data']['size'] == '256000' and facts['data']['type'] == 'file', facts
            listing = []; f.dir(listing.append); assert len(listing) == 2, listing
            f.rename('data', 'moved'); f.delete('moved'); f.delete('text')
            f.cwd('..'); f.rmd('py')
            try:
                f.retrbinary('RETR gone', print)
            except ftplib.error_perm as e:
                assert str(e).startswith('550')
            else:
                raise SystemExit('no error')
            f.quit()
        """);
    run("/usr/bin/python3", script.toString(), "127.0.0.1", "" + chain.port(0));
    run("/usr/bin/python3", script.toString(), "::1", "" + chain.port(1));
  }

  @Test
  void commonsNetDoesItsWholeRange() throws IOException {
    for (boolean passive : new boolean[] {true, false}) {
      FTPClient f = new FTPClient();
      f.setAutodetectUTF8(true);
      f.setDefaultTimeout(20_000);
      f.connect("127.0.0.1", chain.port());
      assertTrue(f.login("alice", "pw-alice"));
      if (passive) {
        f.enterLocalPassiveMode();
      }
      assertTrue(f.setFileType(FTP.BINARY_FILE_TYPE));
      assertTrue(f.makeDirectory("net"));
      assertTrue(f.changeWorkingDirectory("net"));
      assertEquals("/net", f.printWorkingDirectory());
      byte[] content = new byte[100_000];
      new Random(5).nextBytes(content);
      assertTrue(f.storeFile("\u6f22\u5b57", new ByteArrayInputStream(content)));
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      assertTrue(f.retrieveFile("\u6f22\u5b57", back));
      assertArrayEquals(content, back.toByteArray());
      FTPFile[] files = f.listFiles();
      assertEquals(1, files.length);
      assertEquals("\u6f22\u5b57", files[0].getName());
      assertEquals(content.length, files[0].getSize());
      assertEquals(content.length, f.mlistDir()[2].getSize());
      assertEquals("\u6f22\u5b57", f.listNames()[0]);
      assertEquals(content.length, f.mlistFile("\u6f22\u5b57").getSize());
      assertTrue(f.setModificationTime("\u6f22\u5b57", "20200102030405"));
      assertTrue(f.getModificationTime("\u6f22\u5b57").contains("20200102030405"));
      assertTrue(f.rename("\u6f22\u5b57", "x"));
      assertTrue(f.deleteFile("x"));
      assertTrue(f.changeToParentDirectory());
      assertTrue(f.removeDirectory("net"));
      assertTrue(f.features());
      assertTrue(f.sendNoOp());
      assertTrue(f.logout());
      f.disconnect();
    }
  }
}
