package org.twoftpd.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.cvm.CryptLibrary;
import org.twoftpd.shared.os.Native;

/** The commands of twoftpd-users, on a users file of their own. */
@Timeout(60)
class UsersTest {
  private static final String COMMENT = "# kept as it is";

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void file() throws Exception {
    file = Files.writeString(directory.resolve("users"), COMMENT + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private String run(String input, String... arguments) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of("--file", file.toString()));
    all.addAll(List.of(arguments));
    Command.Line line = Command.parse(all.toArray(new String[0]));
    new AccountCommands(
            Path.of(line.file()),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(line.command());
    return out.toString(StandardCharsets.UTF_8);
  }

  private String refused(String input, String... arguments) throws Exception {
    String before = Files.readString(file);
    String message =
        assertThrows(IllegalArgumentException.class, () -> run(input, arguments)).getMessage();
    assertEquals(before, Files.readString(file));
    return message;
  }

  private String[] fields(String name) throws Exception {
    return Files.readAllLines(file).stream()
        .map(l -> l.split(":", -1))
        .filter(f -> f[0].equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean matches(String password, String hash) {
    byte[] expected = hash.getBytes(StandardCharsets.US_ASCII);
    byte[] found = CryptLibrary.load().hash(password.getBytes(StandardCharsets.UTF_8), expected);
    return new String(found, StandardCharsets.US_ASCII).equals(hash);
  }

  @Test
  void addsAnAccountWithYescryptAndAHome() throws Exception {
    Path home = directory.resolve("deep/alice");
    run("correct horse\n", "add", "alice", "--home", home.toString(), "--create-home");
    String[] f = fields("alice");
    assertTrue(f[1].startsWith("$y$"), "yescrypt");
    assertTrue(matches("correct horse", f[1]));
    assertFalse(matches("correct hors", f[1]));
    int uid = Integer.parseInt(f[2]);
    assertTrue(uid >= NewAccount.FIRST_ID && uid <= NewAccount.LAST_ID);
    assertEquals(f[2], f[3]);
    assertEquals(uid, Files.getAttribute(home, "unix:uid"));
    assertEquals(uid, Files.getAttribute(home, "unix:gid"));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
  }

  @Test
  void makesAHomeForTheLargestId() throws Exception {
    Path home = directory.resolve("large");
    run("x", "add", "alice", "--uid", "4294967294", "--home", home.toString(), "--create-home");
    assertEquals(-2, Files.getAttribute(home, "unix:uid"));
  }

  @Test
  void writesWhatIsNotAsciiAsTheBytesThatItIs() throws Exception {
    run("x", "add", "alice", "--comment", "Zo\u00eb \u65e5", "--home", "/srv/\u65e5");
    assertEquals("Zo\u00eb \u65e5", fields("alice")[4]);
    assertEquals("/srv/\u65e5", fields("alice")[5]);
    assertTrue(run("", "list").contains("/srv/\u65e5"));
  }

  @Test
  void twoAccountsHaveDifferentIdsAndSalts() throws Exception {
    run("same", "add", "alice");
    run("same", "add", "bob");
    assertFalse(fields("alice")[2].equals(fields("bob")[2]));
    assertFalse(fields("alice")[1].equals(fields("bob")[1]));
  }

  @Test
  void keepsEverythingElseInTheFile() throws Exception {
    run("x", "add", "alice");
    assertEquals(COMMENT, Files.readAllLines(file).getFirst());
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void keepsTheGroupThatReadsTheFile() throws Exception {
    Files.setAttribute(file, "unix:gid", 64023);
    run("x", "add", "alice");
    assertEquals(64023, Files.getAttribute(file, "unix:gid"));
  }

  @Test
  void changesAPassword() throws Exception {
    run("old", "add", "alice");
    run("new", "passwd", "alice");
    assertTrue(matches("new", fields("alice")[1]));
  }

  @Test
  void locksAndUnlocksWithTheSamePassword() throws Exception {
    run("secret", "add", "alice");
    String hash = fields("alice")[1];
    run("", "lock", "alice");
    assertEquals("!" + hash, fields("alice")[1]);
    assertTrue(run("", "list").contains("\tlocked"));
    assertTrue(refused("", "lock", "alice").contains("locked already"));
    run("", "unlock", "alice");
    assertEquals(hash, fields("alice")[1]);
    assertTrue(refused("", "unlock", "alice").contains("not locked"));
  }

  /** A change of the password, perhaps by a script for the user, does not unlock an account. */
  @Test
  void anotherPasswordKeepsTheLock() throws Exception {
    run("secret", "add", "alice");
    run("", "lock", "alice");
    assertTrue(run("new", "passwd", "alice").contains("stays locked"));
    String locked = fields("alice")[1];
    assertTrue(locked.startsWith("!$") && matches("new", locked.substring(1)), locked);
    run("", "unlock", "alice");
    assertTrue(matches("new", fields("alice")[1]));
    run("", "lock", "alice");
    assertFalse(run("newer", "passwd", "alice", "--unlock").contains("locked"));
    assertTrue(matches("newer", fields("alice")[1]));
    for (String none : new String[] {"", "*", "!", "*LK*"}) {
      Files.writeString(file, "bob:" + none + ":1001:1001::/h:/bin/sh\n");
      assertTrue(run("first", "passwd", "bob").contains("stays locked"), none);
      run("", "unlock", "bob");
      assertTrue(matches("first", fields("bob")[1]), none);
    }
  }

  @Test
  void deletesAnAccountAndLeavesItsHome() throws Exception {
    Path home = directory.resolve("home");
    run("x", "add", "alice", "--home", home.toString(), "--create-home");
    run("", "del", "alice");
    assertEquals(COMMENT + "\n", Files.readString(file));
    assertTrue(Files.isDirectory(home));
  }

  @Test
  void listsWithoutHashes() throws Exception {
    run("x", "add", "alice", "--uid", "1234", "--gid", "1235", "--home", "/h");
    assertEquals("alice\t1234\t1235\t/h\topen\n", run("", "list"));
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    run("x", "add", "alice");
    assertTrue(refused("x", "add", "alice").contains("there already"));
    assertTrue(refused("x", "add", "a:b").contains("allowed"));
    assertTrue(refused("x", "add", "a\nb").contains("allowed"));
    assertTrue(refused("x", "add", "bob", "--uid", "0").contains("uid"));
    assertTrue(refused("x", "add", "bob", "--gid", "x").contains("gid"));
    assertTrue(refused("x", "add", "bob", "--home", "relative").contains("absolute"));
    assertTrue(refused("x", "add", "bob", "--home", "/a:b").contains("colon"));
    assertTrue(refused("", "add", "bob").contains("no password"));
    assertTrue(refused("x".repeat(256), "add", "bob").contains("too long"));
    assertTrue(refused("a\0b", "add", "bob").contains("NUL"));
    assertTrue(refused("x", "passwd", "nobody").contains("no account"));
    assertTrue(refused("", "frob", "alice").contains("allowed"));
    assertTrue(refused("", "del", "alice", "--create-home").contains("only add"));
    assertTrue(refused("", "del", "alice", "--unlock").contains("only passwd"));
  }

  private String added(Path home) throws Exception {
    return run("x", "add", "alice", "--uid", "4711", "--home", home.toString(), "--create-home");
  }

  private String notAdded(Path home) throws Exception {
    return refused(
        "x", "add", "alice", "--uid", "4711", "--home", home.toString(), "--create-home");
  }

  private static String mode(Path path) throws Exception {
    return Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 07777);
  }

  private static Path directory(Path path, int uid, int mode) throws Exception {
    Files.createDirectory(path);
    Files.setAttribute(path, "unix:uid", uid);
    Files.setAttribute(path, "unix:mode", mode);
    return path;
  }

  @Test
  void row55_onlyAnEmptyDirectoryOfRootsIsGivenAway() throws Exception {
    Path home = directory(directory.resolve("theirs"), 4711, 0750);
    Files.writeString(home.resolve("f"), "");
    assertTrue(added(home).contains("left as it is"));
    assertEquals("750", mode(home));
    run("", "del", "alice");
    home = directory(directory.resolve("empty"), 0, 0755);
    assertTrue(added(home).contains("is the account's now"));
    assertEquals(4711, Files.getAttribute(home, "unix:uid"));
    assertEquals("700", mode(home));
    run("", "del", "alice");
    for (Path no :
        new Path[] {
          directory(directory.resolve("anothers"), 4712, 0755),
          directory(directory.resolve("open"), 0, 01777),
          Files.createDirectories(directory.resolve("full/sub")).getParent(),
          Files.writeString(directory.resolve("file"), ""),
          Files.createSymbolicLink(directory.resolve("link"), directory.resolve("empty"))
        }) {
      Object owner = Files.getAttribute(no, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      String why = notAdded(no);
      assertTrue(why.startsWith("--create-home: " + no + ": "), why);
      assertEquals(owner, Files.getAttribute(no, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }
    assertTrue(notAdded(directory.resolve("full")).contains("not empty"));
    assertTrue(notAdded(directory.resolve("link")).contains("symbolic link"));
  }

  @Test
  void row55_noHomeIsMadeWhereOthersMayWrite() throws Exception {
    Path open = directory(directory.resolve("open"), 0, 0777);
    Path sticky = directory(directory.resolve("sticky"), 0, 01777);
    Path group = directory(directory.resolve("group"), 0, 0775);
    Path theirs = directory(directory.resolve("theirs"), 4711, 0755);
    Path below = directory(theirs.resolve("roots"), 0, 0755);
    for (Path parent : new Path[] {open, sticky, group, theirs, below}) {
      for (String home : new String[] {"home", "deep/home"}) {
        String why = notAdded(parent.resolve(home));
        assertTrue(why.contains("must belong to root and be writable by root alone"), why);
      }
      assertFalse(Files.exists(parent.resolve("home")));
      assertFalse(Files.exists(parent.resolve("deep")));
    }
    Path link = Files.createSymbolicLink(directory.resolve("l"), directory.resolve("real"));
    Files.createDirectory(directory.resolve("real"));
    assertTrue(notAdded(link.resolve("home")).contains(link + ": it is a symbolic link"));
  }

  /** Somebody replaces the parent by a link, again and again, while homes are created. */
  @Test
  void row55_aParentThatIsSwappedGivesNothingAway() throws Exception {
    Path place = directory(directory.resolve("place"), 4711, 0777);
    Path target = directory(directory.resolve("target"), 0, 0755);
    AtomicBoolean over = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!over.get()) {
                  Files.createSymbolicLink(place.resolve("home"), target);
                  Files.deleteIfExists(place.resolve("home"));
                  Files.createDirectory(place.resolve("home"));
                  Files.deleteIfExists(place.resolve("home"));
                }
              } catch (java.io.IOException e) {
                over.set(true);
              }
            });
    for (int i = 0; i < 50; i++) {
      notAdded(place.resolve("home"));
    }
    over.set(true);
    swapper.join();
    assertEquals(0, Files.getAttribute(target, "unix:uid"));
  }

  @Test
  void row55_theSystemsDirectoriesAreNobodysHome() throws Exception {
    for (String home :
        new String[] {
          "/",
          "//",
          "/etc",
          "/etc/x",
          "/root",
          "/usr",
          "/usr/share/x",
          "/srv",
          "/srv/",
          "/home",
          "/var/log",
          "/tmp",
          "/proc/self",
          "/dev/shm/x",
          "/srv/../etc/x",
          "/srv/./x"
        }) {
      String why = refused("x", "add", "alice", "--home", home, "--create-home");
      assertTrue(why.startsWith("--home " + home + ": "), why);
      assertEquals(why, refused("x", "add", "alice", "--home", home));
    }
  }

  /** The umask of root applies to files of root, and not to homes. */
  @Test
  void parentsOfAHomeCanBeEnteredByItsOwner() throws Exception {
    int umask = Native.umask(077);
    try {
      added(directory.resolve("deep/er/home"));
    } finally {
      Native.umask(umask);
    }
    assertEquals("755", mode(directory.resolve("deep")));
    assertEquals("755", mode(directory.resolve("deep/er")));
    assertEquals("700", mode(directory.resolve("deep/er/home")));
    assertEquals(0, Files.getAttribute(directory.resolve("deep"), "unix:uid"));
  }

  @Test
  void row54_accountsAreNotReadWhereOthersMayWrite() throws Exception {
    Files.setAttribute(directory, "unix:mode", 0777);
    for (String[] command :
        new String[][] {{"list"}, {"lock", "alice"}, {"add", "alice"}, {"passwd", "alice"}}) {
      String why = assertThrows(IOException.class, () -> run("x", command)).getMessage();
      assertTrue(why.startsWith("the directory " + directory + " (owner uid 0, mode 0777)"), why);
    }
    Files.setAttribute(directory, "unix:mode", 0755);
  }

  /** While the file is written, nobody can read it who could not read it afterwards. */
  @Test
  void theFileIsNeverOpenToMoreThanBefore() throws Exception {
    Files.setAttribute(file, "unix:gid", 64023);
    run("x", "add", "alice");
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<String> seen = new AtomicReference<>();
    Path fresh = directory.resolve(".users.new");
    Thread watcher =
        Thread.ofPlatform()
            .start(() -> {
              long[] s = new long[9];
              byte[] name = fresh.toString().getBytes(StandardCharsets.UTF_8);
              while (!over.get()) {
                if (Native.statx(-100, name, 0x100, s) == 0) {
                  boolean group = (s[0] & 070) == 0 || s[3] == 64023 && (s[0] & 070) == 040;
                  if (!group || (s[0] & 07) != 0) {
                    seen.set(Long.toOctalString(s[0]) + " gid " + s[3]);
                  }
                }
              }
            });
    for (int i = 0; i < 100; i++) {
      run("", i % 2 == 0 ? "lock" : "unlock", "alice");
    }
    over.set(true);
    watcher.join();
    assertEquals(null, seen.get());
  }

  /** Whoever reads the file during changes finds complete lines, and always the first one. */
  @Test
  void readersNeverFindHalfAFileAndNoChangeIsLost() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.writeString(
          file,
          "u" + i + ":!:" + (1000 + i) + ":1000::/h:/bin/sh\n",
          java.nio.file.StandardOpenOption.APPEND);
    }
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<String> seen = new AtomicReference<>();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!over.get()) {
                  String text = Files.readString(file);
                  if (!text.startsWith(COMMENT) || text.lines().count() != 201) {
                    seen.set(text);
                  }
                }
              } catch (java.io.IOException e) {
                seen.set(e.toString());
              }
            });
    AtomicReference<Throwable> failed = new AtomicReference<>();
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      int mine = w;
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 10; i++) {
                    UsersTest.this.lockLine("u" + (mine * 10 + i));
                  }
                } catch (Exception e) {
                  failed.set(e);
                }
              }));
    }
    for (Thread t : writers) {
      t.join();
    }
    over.set(true);
    reader.join();
    assertEquals(null, seen.get());
    assertEquals(null, failed.get());
    assertEquals(40, Files.readString(file).lines().filter(l -> l.contains(":!!:")).count());
  }

  private void lockLine(String name) throws Exception {
    try (UsersEditor editor = UsersEditor.open(file)) {
      List<String> lines = editor.lines();
      lines.replaceAll(l -> l.startsWith(name + ":") ? l.replace(":!:", ":!!:") : l);
      editor.write(lines);
    }
  }
}
