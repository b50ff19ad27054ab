package org.twoftpd.session.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;
import static org.twoftpd.session.fs.Scratch.path;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.fs.FileHandle;
import org.twoftpd.session.fs.FileOpener;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.Scratch;
import org.twoftpd.session.fs.StoreMode;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

class ListingTest {
  /** The clock stands at 2024-07-15 12:00:00 UTC. */
  private static final long NOW = 1_721_044_800;

  private static final PermittedVerbs EVERYTHING =
      new PermittedVerbs(true, true, true, true, true, true, true, true, true, true);

  private Scratch scratch;
  private FileTree tree;
  private ListingStyle style = makeStyle(EVERYTHING, Facts.ALL);
  private int descriptorsBefore;

  private static ListingStyle makeStyle(PermittedVerbs verbs, int facts) {
    Viewer viewer =
        new Viewer(Scratch.USER, Scratch.USER, new int[] {77}, bytes("me"), bytes("mygroup"));
    return new ListingStyle(viewer, verbs, facts, new StatusHelper());
  }

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    tree = FileTree.below(bytes(scratch.root()), false);
    descriptorsBefore = scratch.descriptors();
  }

  @AfterEach
  void close() throws IOException {
    int descriptors = scratch.descriptors();
    tree.close();
    scratch.close();
    assertEquals(descriptorsBefore, descriptors, "descriptors left open");
  }

  private byte[] readAll(FileTree from, VirtualPath directory, String argument, Listing.Kind kind)
      throws SystemCallException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Listing listing = new Listing(from, directory, bytes(argument), kind, style, NOW)) {
      byte[] buffer = new byte[Listing.MIN_BUFFER];
      int length;
      while ((length = listing.fill(buffer)) >= 0) {
        assertTrue(length > 0);
        assertEquals('\n', buffer[length - 1]);
        out.write(buffer, 0, length);
      }
      assertEquals(-1, listing.fill(buffer));
    }
    return out.toByteArray();
  }

  private String list(Listing.Kind kind, String argument) throws SystemCallException {
    return Scratch.text(readAll(tree, VirtualPath.ROOT, argument, kind)).replace("\r\n", "\n");
  }

  private void assertFails(int errno, Listing.Kind kind, String argument) {
    SystemCallException e =
        assertThrows(SystemCallException.class, () -> list(kind, argument), argument);
    assertEquals(errno, e.errno(), argument + ": " + e.getMessage());
  }

  private void makeFiles() throws IOException {
    scratch.file("b.txt", "hello");
    scratch.file("a.txt", "");
    scratch.file(".dot", "");
    scratch.directory("sub");
    scratch.file("sub/x1", "1");
    scratch.file("sub/x2", "22");
    scratch.file("sub/y", "");
    scratch.directory("sub2");
    scratch.file("sub2/x3", "");
    scratch.file("B", "");
  }

  // These tests show which names a listing has.

  @Test
  void emptyDirectoryGivesNothing() throws IOException {
    assertEquals("", list(Listing.Kind.NLST, ""));
    assertEquals("", list(Listing.Kind.LIST, ""));
  }

  @Test
  void namesAreSortedByBytes() throws IOException {
    makeFiles();
    assertEquals(".dot\nB\na.txt\nb.txt\nsub\nsub2\n", list(Listing.Kind.NLST, ""));
    assertTrue(list(Listing.Kind.LIST, "sub").endsWith(" y\n"));
    assertEquals("a.txt\n", list(Listing.Kind.NLST, "a.txt"));
    assertEquals("/sub/../a.txt\n", list(Listing.Kind.NLST, "/sub/../a.txt"));
    assertEquals(
        list(Listing.Kind.NLST, ""),
        Scratch.text(readAll(tree, path("sub"), "..", Listing.Kind.NLST))
            .replaceAll("(?m)^\\.\\./", "")
            .replace("\r\n", "\n"));
  }

  /** The client can use each line as a path (RFC 1123 section 4.1.2.7). */
  @Test
  void whatIsInADirectoryIsNamedWithTheDirectoryAsItWasAsked() throws IOException {
    makeFiles();
    String[][] asked = {
      {"sub", "sub/"},
      {"sub/", "sub/"},
      {"/sub", "/sub/"},
      {"/sub/", "/sub/"},
      {"./sub", "./sub/"},
      {"sub2/../sub", "sub2/../sub/"},
      {"-a sub", "sub/"},
      {".", ""},
      {"./", ""},
      {"-a .", ""},
    };
    for (String[] each : asked) {
      String in = each[1].isEmpty() ? "/sub" : "/";
      String names =
          Scratch.text(readAll(tree, path(in), each[0], Listing.Kind.NLST)).replace("\r\n", "\n");
      assertEquals("*x1\n*x2\n*y\n".replace("*", each[1]), names, each[0]);
      for (String name : names.split("\n", -1)) {
        assertTrue(tree.status(path(in).resolve(bytes(name))) != null, name);
      }
    }
    assertEquals("/.dot\n/B\n/a.txt\n/b.txt\n/sub\n/sub2\n", list(Listing.Kind.NLST, "/"));
    assertTrue(list(Listing.Kind.NLST, "../../..").startsWith("../../../.dot\n"));
    assertEquals("sub/x1\nsub/x2\nsub/y\n", list(Listing.Kind.NLST, "-F sub"));
    assertEquals(list(Listing.Kind.LIST, "sub"), list(Listing.Kind.NLST, "-l sub"));
  }

  @Test
  void patternsGiveThePathsAsTheyWereAsked() throws IOException {
    makeFiles();
    assertEquals("a.txt\nb.txt\n", list(Listing.Kind.NLST, "*.txt"));
    assertEquals("sub/x1\nsub/x2\n", list(Listing.Kind.NLST, "sub/x*"));
    assertEquals("/sub/x1\n/sub/x2\n", list(Listing.Kind.NLST, "/sub/x*"));
    assertEquals("sub/x1\nsub/x2\nsub2/x3\n", list(Listing.Kind.NLST, "su*/x?"));
    assertEquals("sub/y\n", list(Listing.Kind.NLST, "*/y"));
    assertEquals("sub/../a.txt\nsub/../b.txt\n", list(Listing.Kind.NLST, "sub/../?.txt"));
    assertEquals(
        "sub/../a.txt\nsub/../b.txt\nsub2/../a.txt\nsub2/../b.txt\n",
        list(Listing.Kind.NLST, "*/../[ab].txt"));
    assertEquals("sub\nsub2\n", list(Listing.Kind.NLST, "s*"));
    assertEquals("B\na.txt\nb.txt\nsub\nsub2\n", list(Listing.Kind.NLST, "*"), "no dots");
    assertEquals(".dot\n", list(Listing.Kind.NLST, ".*"));
    assertEquals(".dot\n", list(Listing.Kind.NLST, ".d?t"));
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "?dot");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "[.]dot");
    scratch.directory(".hidden");
    scratch.file(".hidden/x9", "");
    scratch.file("sub/.x", "");
    assertEquals("sub/x1\nsub/x2\nsub2/x3\n", list(Listing.Kind.NLST, "*/*x*"));
    assertEquals(".hidden/x9\n", list(Listing.Kind.NLST, ".*/x*"));
    assertEquals("sub/.x\n", list(Listing.Kind.NLST, "*/.*"));
    assertEquals(
        "../x1\n../x2\n",
        Scratch.text(readAll(tree, path("sub/none"), "../x*", Listing.Kind.NLST))
            .replace("\r\n", "\n"));
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "*.none");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "none/*");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "a.txt/*");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "[.][.]");
  }

  @Test
  void aNameThatExistsIsNoPattern() throws IOException {
    scratch.directory("[test]");
    scratch.file("[test]/file", "");
    scratch.file("t", "");
    scratch.file("*", "");
    assertEquals("[test]/file\n", list(Listing.Kind.NLST, "[test]"));
    assertEquals("*\n", list(Listing.Kind.NLST, "*"));
    assertEquals("*\n[test]\nt\n", list(Listing.Kind.NLST, "**"));
    assertEquals("*\n", list(Listing.Kind.NLST, "\\*"));
    Scratch.run("rm", "-r", scratch.at("[test]"));
    assertEquals("t\n", list(Listing.Kind.NLST, "[test]"));
  }

  @Test
  void whatIsNotThereIsAnError() throws IOException {
    makeFiles();
    for (Listing.Kind kind : Listing.Kind.values()) {
      assertFails(Errno.ENOENT, kind, "none");
      assertFails(Errno.ENOTDIR, kind, "a.txt/x");
      assertFails(Errno.EINVAL, kind, "a\0b");
    }
    assertFails(Errno.ENOTDIR, Listing.Kind.MLSD, "a.txt");
    assertFails(Errno.ENOENT, Listing.Kind.MLST, "*.txt");
    scratch.chmod("sub", 0);
    Scratch.asUser(() -> {
      assertFails(Errno.EACCES, Listing.Kind.NLST, "sub");
      assertFails(Errno.EACCES, Listing.Kind.NLST, "sub/*");
      assertFails(Errno.EACCES, Listing.Kind.LIST, "sub/x1");
      assertFails(Errno.EACCES, Listing.Kind.MLSD, "sub");
    });
  }

  @Test
  void options() throws IOException {
    makeFiles();
    scratch.chmod("B", 0755);
    scratch.link("link", "none");
    scratch.fifo("fifo");
    scratch.socket("socket");
    scratch.file("-x", "");
    assertEquals("sub/x1\nsub/x2\nsub/y\n", list(Listing.Kind.NLST, "-aA1LR sub"));
    assertEquals("sub/x1\nsub/x2\nsub/y\n", list(Listing.Kind.NLST, "-a -1 sub"));
    assertEquals("sub/x1\nsub/x2\nsub/y\n", list(Listing.Kind.NLST, "-a -- sub"));
    assertEquals("-x\n", list(Listing.Kind.NLST, "-- -x"));
    assertEquals("sub/x1\nsub/x2\n", list(Listing.Kind.NLST, "-a sub/x*"));
    assertEquals(list(Listing.Kind.LIST, "sub"), list(Listing.Kind.NLST, "-l sub"));
    assertEquals(list(Listing.Kind.LIST, ""), list(Listing.Kind.LIST, "-la"));
    assertEquals(list(Listing.Kind.LIST, ""), list(Listing.Kind.LIST, "-la "));
    assertEquals(
        "-x\n.dot\nB*\na.txt\nb.txt\nfifo|\nlink@\nsocket=\nsub/\nsub2/\n",
        list(Listing.Kind.NLST, "-F"));
    assertEquals(
        "-x\n.dot\nB\na.txt\nb.txt\nfifo\nlink\nsocket\nsub/\nsub2/\n",
        list(Listing.Kind.NLST, "-p"));
    assertTrue(list(Listing.Kind.LIST, "-F").contains(" sub/\n"));
    for (char c = '0'; c <= 'z'; c++) {
      if (Character.isLetterOrDigit(c) && "lFptSrdx".indexOf(c) < 0) {
        assertEquals(list(Listing.Kind.NLST, ""), list(Listing.Kind.NLST, "-" + c));
        assertEquals(
            list(Listing.Kind.LIST, "*.txt"), list(Listing.Kind.LIST, "-a" + c + " *.txt"));
      }
    }
    assertFails(Errno.ENOENT, Listing.Kind.LIST, "-");
    scratch.file("-", "");
    assertEquals("-\n", list(Listing.Kind.NLST, "-"));
    scratch.directory("with blank");
    scratch.file("with blank/f", "");
    assertEquals(list(Listing.Kind.LIST, "with blank"), list(Listing.Kind.LIST, "-la with blank"));
    assertEquals("with blank/f\n", list(Listing.Kind.NLST, "-a with blank"));
    scratch.file(" led", "");
    assertEquals(" led\n", list(Listing.Kind.NLST, "-a  led"));
    assertEquals(" led\n", list(Listing.Kind.NLST, " led"));
  }

  @Test
  void namesThatBeginWithADash() throws IOException {
    makeFiles();
    scratch.file("-la", "");
    scratch.file("-x y", "");
    scratch.file("-x.txt", "");
    scratch.directory("-d");
    scratch.file("-d/in", "");
    scratch.directory("-e");
    scratch.file("-e/in", "");
    scratch.file("--", "");
    assertEquals("-la\n", list(Listing.Kind.NLST, "-- -la"));
    assertEquals("-la\n", list(Listing.Kind.NLST, "-1 -- -la"));
    assertEquals("./-la\n", list(Listing.Kind.NLST, "./-la"));
    assertEquals("-x y\n", list(Listing.Kind.NLST, "-- -x y"));
    assertEquals("-d/in\n", list(Listing.Kind.NLST, "-- -d"));
    assertEquals("-d/in\n", list(Listing.Kind.NLST, "-1 -d/in"));
    assertEquals("-e/in\n", list(Listing.Kind.NLST, "-e"));
    assertEquals("-e/in\n", list(Listing.Kind.NLST, "-1 -e"));
    assertEquals("--\n", list(Listing.Kind.NLST, "-- --"));
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-- -y");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "--help");
    // A client may delete all that is listed, so this must be a pattern and no option.
    assertEquals("-x.txt\n", list(Listing.Kind.NLST, "-*.txt"));
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-none*");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-none.txt");
    for (Listing.Kind kind : new Listing.Kind[] {Listing.Kind.MLSD, Listing.Kind.MLST}) {
      assertFails(Errno.ENOENT, kind, "-a");
    }
  }

  /** A user who makes a file with such a name must not hide the other files by it. */
  @Test
  void noNameTakesTheOptionsOfClientsAway() throws IOException {
    makeFiles();
    String all = list(Listing.Kind.NLST, "");
    for (String word : new String[] {"a", "A", "1", "R", "h", "n", "g", "o", "G", "c", "u", "C"}) {
      scratch.directory("-" + word);
      scratch.file("-" + word + "/in", "");
      all = list(Listing.Kind.NLST, "");
      assertEquals(all, list(Listing.Kind.NLST, "-" + word), word);
    }
    for (String word :
        new String[] {"-la", "-al", "-lA", "-laR", "-l -a", "-la .", "-la sub", "--"}) {
      String before = list(Listing.Kind.LIST, word.equals("--") ? "" : word);
      scratch.directory(word);
      String after = list(Listing.Kind.LIST, word);
      assertTrue(after.lines().toList().containsAll(before.lines().toList()), word);
    }
    assertEquals(".\n", list(Listing.Kind.NLST, "-d"));
    scratch.directory("-d");
    assertEquals(".\n", list(Listing.Kind.NLST, "-d"));
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-x y");
    scratch.file("-x y", "");
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-x y");
  }

  @Test
  void sortedByTimeAndSize() throws IOException {
    String[] names = {"new", "middle", "old", "alike", "also"};
    int[] sizes = {1, 300, 20, 4, 4};
    long[] times = {NOW - 10, NOW - 2000, NOW - 30_000, NOW - 500, NOW - 500};
    scratch.directory("d");
    for (int i = 0; i < names.length; i++) {
      scratch.file("d/" + names[i], "x".repeat(sizes[i]));
      scratch.touch("d/" + names[i], times[i]);
    }
    String[][] orders = {
      {"-t", "new alike also middle old"},
      {"-tr", "old middle also alike new"},
      {"-rt", "old middle also alike new"},
      {"-r -t", "old middle also alike new"},
      {"-S", "middle old alike also new"},
      {"-Sr", "new also alike old middle"},
      {"-tS", "middle old alike also new"},
      {"-St", "new alike also middle old"},
      {"-r", "old new middle also alike"},
      {"-a", "alike also middle new old"},
    };
    for (String[] order : orders) {
      for (String where : new String[] {"d", "d/*"}) {
        String asked = order[0] + " " + where;
        String wanted = ("d/" + order[1].replace(" ", "\nd/") + "\n");
        assertEquals(wanted, list(Listing.Kind.NLST, asked), asked);
        String lines = list(Listing.Kind.LIST, asked);
        assertEquals(
            where.equals("d") ? wanted.replace("d/", "") : wanted,
            lines.replaceAll("(?m)^.* ", ""),
            asked);
      }
    }
    assertFails(Errno.ENOENT, Listing.Kind.NLST, "-t none*");
  }

  @Test
  void aDirectoryItself() throws IOException {
    makeFiles();
    assertTrue(list(Listing.Kind.LIST, "-d sub").matches("d.* sub\n"));
    assertTrue(list(Listing.Kind.LIST, "-ld").matches("d.* \\.\n"));
    assertTrue(list(Listing.Kind.LIST, "-d /").matches("d.* /\n"));
    assertEquals("sub\n", list(Listing.Kind.NLST, "-d sub"));
    assertEquals("sub\nsub2\n", list(Listing.Kind.NLST, "-d s*"));
    assertEquals(".\n", list(Listing.Kind.NLST, "-d"));
  }

  @Test
  void hiddenDotFiles() throws IOException {
    makeFiles();
    scratch.directory(".d");
    scratch.file(".d/f", "");
    try (FileTree hiding = FileTree.below(bytes(scratch.root()), true)) {
      tree.close();
      tree = hiding;
      assertEquals("B\na.txt\nb.txt\nsub\nsub2\n", list(Listing.Kind.NLST, "-a"));
      assertFails(Errno.ENOENT, Listing.Kind.NLST, ".*");
      assertFails(Errno.ENOENT, Listing.Kind.NLST, "*/f");
      assertFails(Errno.ENOENT, Listing.Kind.NLST, ".d/*");
      assertFails(Errno.ENOENT, Listing.Kind.LIST, ".d");
      assertFails(Errno.ENOENT, Listing.Kind.MLST, ".dot");
      assertFalse(list(Listing.Kind.MLSD, "").contains(".dot"));
      tree = FileTree.below(bytes(scratch.root()), false);
    }
  }

  @Test
  void anyNameStandsInOneLine() throws IOException {
    for (int b = 1; b < 256; b++) {
      if (b != '/' && b != '.') {
        scratch.file(String.valueOf((char) b), "");
      }
    }
    List<byte[]> expected = new ArrayList<>();
    for (int b = 1; b < 256; b++) {
      if (b == '\n') {
        expected.add(new byte[] {0});
      } else if (b != '/' && b != '.') {
        expected.add(new byte[] {(byte) b});
      }
    }
    for (Listing.Kind kind : new Listing.Kind[] {Listing.Kind.NLST, Listing.Kind.LIST}) {
      byte[] listing = readAll(tree, VirtualPath.ROOT, "", kind);
      int at = 0;
      for (byte[] name : expected) {
        int end = at;
        while (listing[end] != '\r' || listing[end + 1] != '\n') {
          assertFalse(listing[end] == '\n', "a newline inside a line");
          end++;
        }
        byte[] line = Arrays.copyOfRange(listing, at, end);
        byte[] tail = Arrays.copyOfRange(line, line.length - name.length, line.length);
        assertArrayEquals(name, tail);
        assertTrue(kind == Listing.Kind.LIST || line.length == name.length);
        at = end + 2;
      }
      assertEquals(listing.length, at);
    }
  }

  /** A line is never cut. One that does not fit comes first in the next piece. */
  @Test
  void longestNamesFitTheSmallestBuffer() throws IOException {
    String part = "\u00ff".repeat(255);
    StringBuilder deep = new StringBuilder();
    for (int i = 0; i < 15; i++) {
      deep.append(i == 0 ? "" : "/").append(part);
      tree.makeDirectory(path(deep.toString()));
    }
    deep.append('/').append("\u00ff".repeat(200)).append('/');
    tree.makeDirectory(path(deep.toString()));
    int left = VirtualPath.MAX_LENGTH - 1 - deep.length();
    for (char c = 'a'; c < 'f'; c++) {
      new FileOpener(tree)
          .openForStoring(path(deep + String.valueOf(c).repeat(left)), StoreMode.CREATE)
          .close();
    }
    String listing = list(Listing.Kind.NLST, deep + "*");
    assertEquals(5, listing.lines().count());
    assertEquals(5, list(Listing.Kind.LIST, deep + "*").lines().count());
    assertEquals(5 + 2, list(Listing.Kind.MLSD, deep.toString()).lines().count());
    Listing.Kind kind = Listing.Kind.NLST;
    try (Listing open = new Listing(tree, VirtualPath.ROOT, bytes(""), kind, style)) {
      assertThrows(IllegalArgumentException.class, () -> open.fill(new byte[100]));
    }
  }

  @Test
  void whatGoesMeanwhileIsLeftOut() throws IOException {
    makeFiles();
    Listing.Kind kind = Listing.Kind.LIST;
    try (Listing listing = new Listing(tree, VirtualPath.ROOT, bytes("*.txt"), kind, style, NOW)) {
      tree.unlink(path("a.txt"));
      byte[] buffer = new byte[Listing.MIN_BUFFER];
      int length = listing.fill(buffer);
      assertTrue(Scratch.text(buffer).substring(0, length).endsWith(" b.txt\r\n"));
      assertEquals(1, Scratch.text(buffer).substring(0, length).lines().count());
    }
  }

  // These tests show what the lines tell.

  @Test
  void longLines() throws IOException {
    scratch.file("f", "12345");
    scratch.touch("f", NOW - 3600);
    scratch.file("mine", "");
    scratch.chown("mine", Scratch.USER);
    scratch.chmod("mine", 04711);
    scratch.touch("mine", NOW - 200L * 86_400);
    scratch.directory("d");
    scratch.chmod("d", 01777);
    scratch.touch("d", 0);
    scratch.link("dangling", "nowhere");
    scratch.link("ok", "f");
    scratch.fifo("p");
    scratch.chmod("p", 0600);
    scratch.touch("p", NOW + 30L * 86_400);
    assertEquals(
        "-rw-r--r--    1 somebody somegrp         5 Jul 15 11:00 f\n",
        list(Listing.Kind.LIST, "f"));
    assertEquals(
        "-rws--x--x    1 me       mygroup         0 Dec 28  2023 mine\n",
        list(Listing.Kind.LIST, "mine"));
    assertEquals(
        "prw-------    1 somebody somegrp         0 Aug 14  2024 p\n",
        list(Listing.Kind.LIST, "p"));
    String ok = list(Listing.Kind.LIST, "ok");
    assertTrue(ok.matches("lrwxrwxrwx {4}1 somebody somegrp {9}1 .{12} ok -> f\n"), ok);
    assertTrue(list(Listing.Kind.LIST, "").startsWith("drwxrwxrwt "));
    assertTrue(list(Listing.Kind.LIST, "d*").contains(" Jan  1  1970 d\n"));
    String dangling = list(Listing.Kind.LIST, "dangling");
    assertTrue(
        dangling.matches("lrwxrwxrwx {4}1 somebody somegrp {9}7 .{12} dangling -> nowhere\n"),
        dangling);
    assertEquals("dangling\n", list(Listing.Kind.NLST, "dangling"));
    assertEquals("d\ndangling\nf\nmine\nok\np\n", list(Listing.Kind.NLST, ""));
    assertTrue(list(Listing.Kind.LIST, "").contains("\nlrwxrwxrwx "));
  }

  @Test
  void longLinesOfOddFiles() throws IOException {
    scratch.file("big", "");
    try (FileHandle handle = new FileOpener(tree).openForStoring(path("big"), StoreMode.RESUME)) {
      handle.truncate(123_456_789_012L);
    }
    scratch.touch("big", 0);
    assertEquals(
        "-rw-r--r--    1 somebody somegrp  123456789012 Jan  1  1970 big\n",
        list(Listing.Kind.LIST, "big"));
    String[] modes = {"06000", "01000", "07777", "0421", "02755"};
    String[] shown = {"---S--S---", "---------T", "-rwsrwsrwt", "-r---w---x", "-rwxr-sr-x"};
    for (int i = 0; i < modes.length; i++) {
      scratch.chmod("big", Integer.parseInt(modes[i], 8));
      assertEquals(shown[i], list(Listing.Kind.LIST, "big").substring(0, 10), modes[i]);
    }
  }

  /** A client takes a date without a year for the last such day before today. */
  @Test
  void yearsWhereTheyAreNeeded() throws IOException {
    long half = 365L * 86_400 / 2;
    scratch.file("f", "");
    long[] times = {
      NOW, NOW + 86_400, NOW + 86_401, NOW - half + 1, NOW - half, NOW + 400L * 86_400
    };
    boolean[] short12 = {true, true, false, true, false, false};
    for (int i = 0; i < times.length; i++) {
      scratch.touch("f", times[i]);
      assertEquals(short12[i], list(Listing.Kind.LIST, "f").contains(":"), times[i] + " " + i);
    }
  }

  @Test
  void namesOfAccountsAreCutAndCleaned() throws IOException {
    scratch.file("f", "");
    scratch.chown("f", Scratch.USER);
    scratch.touch("f", 0);
    String[][] names = {
      {"longusername", "longuser"},
      {"a b", "a_b     "},
      {"a;b\n", "a_b_    "},
      {"", "_       "},
      {"1234567\u00c3\u00bc", "1234567 "},
    };
    for (String[] name : names) {
      Viewer viewer =
          new Viewer(Scratch.USER, 1, new int[] {Scratch.USER}, bytes(name[0]), bytes("g"));
      style = new ListingStyle(viewer, EVERYTHING, Facts.ALL, new StatusHelper());
      assertEquals(
          "-rw-r--r--    1 " + name[1] + " somegrp         0 Jan  1  1970 f\n",
          list(Listing.Kind.LIST, "f"));
    }
  }

  /** Of a directory that may be read but not searched, a session knows only the names. */
  @Test
  void namesWithoutAStatusAreStillListed() throws IOException {
    scratch.directory("d");
    scratch.file("d/f", "");
    scratch.chmod("d", 0744);
    Scratch.asUser(() -> {
      assertEquals("d/f\n", list(Listing.Kind.NLST, "d"));
      assertEquals("d/f\n", list(Listing.Kind.NLST, "-t d"));
      assertEquals(
          "?---------    0 somebody somegrp         0 Jan  1  1970 f\n",
          list(Listing.Kind.LIST, "d"));
    });
  }

  // These tests show the facts of MLSD and MLST.

  private static String uniqueOf(FileStatus status) {
    return Long.toHexString(status.device()) + "g" + Long.toHexString(status.inode());
  }

  @Test
  void factsOfAFile() throws IOException {
    scratch.directory("d");
    scratch.file("d/f", "12345");
    scratch.touch("d/f", 951_868_799);
    scratch.chown("d/f", Scratch.USER);
    String expected =
        "type=file;size=5;modify=20000229235959;perm=adfrw;unique="
            + uniqueOf(scratch.statx("d/f"))
            + ";UNIX.mode=0644;UNIX.owner=me;UNIX.group=mygroup; ";
    assertEquals(expected + "d/f\n", list(Listing.Kind.MLST, "d/f"));
    assertEquals(expected + "/d/f\n", list(Listing.Kind.MLST, "/d/f"));
    assertTrue(list(Listing.Kind.MLSD, "d").endsWith("\n" + expected + "f\n"));
    String root = list(Listing.Kind.MLST, "");
    assertTrue(root.startsWith("type=dir;modify=") && root.endsWith("; /\n"), root);
    String d = Scratch.text(readAll(tree, path("d"), "", Listing.Kind.MLST));
    assertTrue(d.endsWith("; /d\r\n"), d);
  }

  @Test
  void directoriesInMlsd() throws IOException {
    scratch.directory("d");
    scratch.directory("d/sub");
    scratch.link("d/dangling", "none");
    scratch.link("d/tosub", "sub");
    scratch.fifo("d/fifo");
    style = makeStyle(EVERYTHING, Facts.TYPE | Facts.UNIQUE);
    String d = uniqueOf(scratch.statx("d"));
    String sub = uniqueOf(scratch.statx("d/sub"));
    assertEquals(
        List.of(
            "type=cdir;unique=" + d + "; .",
            "type=pdir;unique=" + uniqueOf(scratch.statx("")) + "; ..",
            "type=OS.unix=slink:none;unique="
                + uniqueOf(scratch.statx("d/dangling"))
                + "; dangling",
            "type=OS.unix=fifo;unique=" + uniqueOf(scratch.statx("d/fifo")) + "; fifo",
            "type=dir;unique=" + sub + "; sub",
            "type=OS.unix=slink:sub;unique=" + uniqueOf(scratch.statx("d/tosub")) + "; tosub"),
        list(Listing.Kind.MLSD, "d").lines().toList());
    List<String> root = list(Listing.Kind.MLSD, "").lines().toList();
    assertTrue(root.get(0).startsWith("type=cdir;"));
    assertTrue(root.get(1).startsWith("type=dir;"), "no way up from the root");
    style = makeStyle(EVERYTHING, 0);
    assertEquals(" d\n", list(Listing.Kind.MLST, "d"));
  }

  private String permOf(String name) throws SystemCallException {
    String line = list(Listing.Kind.MLST, name);
    return line.substring("perm=".length(), line.indexOf(';'));
  }

  @Test
  void permIsTrueForTheTableAndTheMode() throws IOException {
    scratch.directory("d");
    scratch.chown("d", Scratch.USER);
    scratch.directory("d/sub");
    scratch.chown("d/sub", Scratch.USER);
    scratch.file("d/f", "");
    scratch.chown("d/f", Scratch.USER);
    scratch.file("d/others", "");
    scratch.chmod("d/others", 0604);
    scratch.file("d/groups", "");
    Scratch.run("chgrp", "77", scratch.at("d/groups"));
    scratch.chmod("d/groups", 0620);
    style = makeStyle(EVERYTHING, Facts.PERM);
    Scratch.asUser(() -> {
      assertEquals("cdeflmp", permOf("d/sub"));
      assertEquals("adfrw", permOf("d/f"));
      assertEquals("dfr", permOf("d/others"));
      assertEquals("adfw", permOf("d/groups"));
      assertEquals("celmp", permOf("d"), "its own directory is not writable");
    });
    scratch.chmod("d/sub", 0500);
    scratch.chmod("d/f", 0200);
    Scratch.asUser(() -> {
      assertEquals("defl", permOf("d/sub"));
      assertEquals("adfw", permOf("d/f"));
    });
    scratch.chmod("d", 01777);
    scratch.chown("d", 1);
    Scratch.asUser(() -> {
      assertEquals("adfw", permOf("d/f"), "own file under a sticky bit");
      assertEquals("r", permOf("d/others"), "somebody else's file under a sticky bit");
    });
    PermittedVerbs reading =
        new PermittedVerbs(false, false, false, true, false, true, false, false, true, false);
    style = makeStyle(reading, Facts.PERM);
    scratch.chmod("d/f", 0600);
    Scratch.asUser(() -> {
      assertEquals("r", permOf("d/f"));
      assertEquals("el", permOf("d/sub"));
    });
  }

  @Test
  void factsAreChosenByName() {
    assertEquals(Facts.TYPE | Facts.SIZE, Facts.select(bytes("type;size;")));
    assertEquals(Facts.TYPE | Facts.UNIX_MODE, Facts.select(bytes("TYPE;unix.MODE")));
    assertEquals(Facts.PERM, Facts.select(bytes("bogus;perm;;typ;types;")));
    assertEquals(0, Facts.select(bytes("")));
    assertEquals(
        "size;UNIX.group;",
        Scratch.text(Facts.describeSelected(Facts.UNIX_GROUP | Facts.SIZE).toBytes()));
    assertEquals(
        "type;size*;modify;perm;unique;UNIX.mode;UNIX.owner;UNIX.group;",
        Scratch.text(Facts.describeAll(Facts.SIZE).toBytes()));
    assertEquals(Facts.ALL, Facts.select(Facts.describeSelected(Facts.ALL).toBytes()));
  }

  // These tests show how symbolic links are listed.

  /** A client that deletes a tree reads these lines, and must not enter a link to a directory. */
  @Test
  void row57_linksAreShownAsLinksAndEntered() throws IOException {
    scratch.directory("d");
    scratch.file("d/in", "12345");
    scratch.link("d/loop", ".");
    scratch.link("d/file", "in");
    scratch.link("d/lost", "nowhere");
    scratch.link("dir", "d");
    String lines = list(Listing.Kind.LIST, "d");
    assertTrue(
        lines.matches("(?s)l.* file -> in\n-.* in\nl.* loop -> \\.\nl.* lost -> nowhere\n"), lines);
    assertTrue(list(Listing.Kind.LIST, "").matches("(?s)d.* d\nl.* dir -> d\n"));
    assertEquals(lines, list(Listing.Kind.LIST, "dir"), "a link is entered");
    assertEquals(lines, list(Listing.Kind.LIST, "dir/"));
    assertEquals(
        list(Listing.Kind.NLST, "d").replace("d/", "dir/"), list(Listing.Kind.NLST, "dir"));
    assertTrue(list(Listing.Kind.LIST, "di*").matches("l.* dir -> d\n"));
    assertTrue(list(Listing.Kind.LIST, "-F d/").contains(" loop -> .\n"), "no mark on a target");
    assertEquals("d/file@\nd/in\nd/loop@\nd/lost@\n", list(Listing.Kind.NLST, "-F d"));
    assertEquals("d/file\nd/in\nd/loop\nd/lost\n", list(Listing.Kind.NLST, "-p d"));
    style = makeStyle(EVERYTHING, Facts.TYPE | Facts.SIZE | Facts.PERM);
    assertEquals(
        List.of(
            "type=OS.unix=slink:in;perm=df; file",
            "type=file;size=5;perm=dfr; in",
            "type=OS.unix=slink:.;perm=df; loop",
            "type=OS.unix=slink:nowhere;perm=df; lost"),
        list(Listing.Kind.MLSD, "d").lines().skip(2).toList());
    assertEquals("type=OS.unix=slink:d;perm=df; dir\n", list(Listing.Kind.MLST, "dir"));
    assertTrue(list(Listing.Kind.MLSD, "dir").startsWith("type=cdir;"), "a link is entered");
    style = makeStyle(EVERYTHING, Facts.SIZE);
    assertEquals(" dir\n", list(Listing.Kind.MLST, "dir"));
  }

  /** A link's maker chooses its target, which must not end a fact or the line. */
  @Test
  void row57_aLinksTargetChoosesNothingOfItsLine() throws IOException {
    String longest = "x/".repeat(2047) + "x";
    scratch.link("a", "b\r\ndrwxr-xr-x 1 o g 0 Jan 1 2020 c");
    scratch.link("b", "x;type=dir; c");
    scratch.link("c", "with space");
    scratch.link("d", "\u007f");
    scratch.link("e", longest);
    scratch.link("f", "p=q:r,s");
    List<String> lines = List.of(list(Listing.Kind.LIST, "").split("\n", -1));
    assertEquals(6 + 1, lines.size());
    assertTrue(lines.get(0).contains(" a -> b\r\0drwxr"), lines.get(0));
    assertTrue(lines.get(1).endsWith(" b -> x;type=dir; c"), lines.get(1));
    assertTrue(lines.get(4).endsWith(" e -> " + longest));
    style = makeStyle(EVERYTHING, Facts.TYPE);
    assertEquals(
        List.of(
            "type=OS.unix=symlink; a",
            "type=OS.unix=symlink; b",
            "type=OS.unix=symlink; c",
            "type=OS.unix=symlink; d",
            "type=OS.unix=slink:" + longest + "; e",
            "type=OS.unix=slink:p=q:r,s; f"),
        list(Listing.Kind.MLSD, "").lines().skip(1).toList());
  }

  // These tests list under LOCKHOME.

  @Test
  void lockedHomeShowsLinksOutAsLinks() throws IOException {
    scratch.directory("home");
    scratch.file("secret", "12345678");
    scratch.link("home/out", "../secret");
    scratch.link("home/up", "..");
    scratch.directory("home/d");
    scratch.link("home/in", "d");
    try (FileTree home = FileTree.lockedTo(scratch.bytesAt("home"), false)) {
      style = makeStyle(EVERYTHING, Facts.TYPE);
      String listing = Scratch.text(readAll(home, home.start(), "", Listing.Kind.LIST));
      List<Character> types = new ArrayList<>();
      listing.lines().forEach(line -> types.add(line.charAt(0)));
      assertEquals(List.of('d', 'l', 'l', 'l'), types);
      assertEquals(
          List.of(
              "type=cdir; .",
              "type=dir; d",
              "type=OS.unix=slink:d; in",
              "type=OS.unix=slink:../secret; out",
              "type=OS.unix=slink:..; up"),
          Scratch.text(readAll(home, home.start(), "", Listing.Kind.MLSD)).lines().toList());
      for (String argument : new String[] {"..", "up/*", "../*", "/*", "up/secret", "/"}) {
        SystemCallException e =
            assertThrows(
                SystemCallException.class,
                () -> readAll(home, home.start(), argument, Listing.Kind.NLST));
        assertEquals(Errno.EACCES, e.errno(), argument);
      }
    }
  }
}
