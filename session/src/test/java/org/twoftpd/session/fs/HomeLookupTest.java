package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** LOCKHOME shows the real tree, and serves nothing outside HOME, wherever links lead. */
class HomeLookupTest {
  private Scratch scratch;
  private FileTree tree;
  private int descriptorsBefore;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    scratch.directory("homes");
    scratch.directory("homes/u");
    scratch.directory("homes/u/sub");
    scratch.file("homes/u/sub/f", "inside");
    scratch.directory("homes/user2");
    scratch.file("homes/user2/f", "outside");
    scratch.file("secret", "outside");
    scratch.link("alias", "homes");
    tree = FileTree.lockedTo(scratch.bytesAt("homes/u"), false);
    descriptorsBefore = scratch.descriptors();
  }

  @AfterEach
  void close() throws IOException {
    int descriptors = scratch.descriptors();
    tree.close();
    scratch.close();
    assertEquals(descriptorsBefore, descriptors, "descriptors left open");
  }

  private VirtualPath at(String name) throws IOException {
    return Scratch.path(scratch.at(name));
  }

  private VirtualPath inHome(String name) throws IOException {
    return tree.start().resolve(bytes(name));
  }

  private String read(FileTree from, VirtualPath path) throws IOException {
    try (FileHandle handle = new FileOpener(from).openForReading(path)) {
      byte[] data = new byte[100];
      int length = Native.read(handle.fd(), data, 0, data.length);
      return Scratch.text(data).substring(0, length);
    }
  }

  private static void assertRefused(Executable task) {
    assertEquals(
        Errno.EACCES, assertThrows(SystemCallException.class, task).errno(), "wrong error");
  }

  @Test
  void insideIsServed() throws IOException {
    assertEquals("inside", read(tree, inHome("sub/f")));
    assertEquals("inside", read(tree, at("homes/u/sub/f")));
    assertTrue(tree.status(tree.start()).isDirectory());
    tree.checkEnterable(inHome("sub"));
    tree.makeDirectory(inHome("made"));
    tree.rename(inHome("sub/f"), inHome("made/g"));
    assertEquals("inside", scratch.content("homes/u/made/g"));
    tree.changeMode(inHome("made/g"), 0600);
    tree.unlink(inHome("made/g"));
    tree.removeDirectory(inHome("made"));
    try (FileHandle handle = new FileOpener(tree).openForStoring(inHome("new"), StoreMode.CREATE)) {
      assertEquals(1, Native.write(handle.fd(), bytes("x"), 0, 1));
    }
    assertEquals("x", scratch.content("homes/u/new"));
    assertTrue(new FileOpener(tree).freeBytes(tree.start()) > 0);
  }

  /** The error for a path outside is the same whether a file exists there or not. */
  @Test
  void outsideIsRefusedAndNothingIsTold() throws IOException {
    for (String name : new String[] {"secret", "homes", "homes/user2/f", "none", "homes/none"}) {
      assertRefused(() -> tree.status(at(name)));
      assertRefused(() -> new FileOpener(tree).openForReading(at(name)));
      assertRefused(() -> new FileOpener(tree).openForStoring(at(name), StoreMode.REPLACE));
      assertRefused(() -> tree.unlink(at(name)));
      assertRefused(() -> tree.makeDirectory(at(name)));
      assertRefused(() -> tree.checkEnterable(at(name)));
      assertRefused(() -> tree.rename(inHome("sub/f"), at(name)));
      assertRefused(() -> tree.openDirectory(at(name), new byte[0]));
    }
    assertRefused(() -> tree.status(VirtualPath.ROOT));
    assertRefused(() -> tree.checkEnterable(inHome("..")));
    assertRefused(() -> new FileOpener(tree).openForReading(inHome("../user2/f")));
    assertEquals("inside", read(tree, inHome("../u/sub/f")));
  }

  @Test
  void linksThatLeadOutAreRefused() throws IOException {
    scratch.link("homes/u/file", "../../secret");
    scratch.link("homes/u/absolute", scratch.at("secret"));
    scratch.link("homes/u/directory", "../user2");
    scratch.link("homes/u/nested", "sub/up");
    scratch.link("homes/u/sub/up", "../../../secret");
    scratch.link("homes/u/missing", "../../none");
    scratch.link("homes/u/rootlink", "/");
    for (String name :
        new String[] {
          "file", "absolute", "directory/f", "nested", "missing", "rootlink", "rootlink/etc/passwd"
        }) {
      assertRefused(() -> tree.status(inHome(name)));
      assertRefused(() -> new FileOpener(tree).openForReading(inHome(name)));
      assertRefused(() -> new FileOpener(tree).openForStoring(inHome(name), StoreMode.REPLACE));
      assertRefused(() -> tree.changeMode(inHome(name), 0777));
    }
    assertRefused(() -> tree.unlink(inHome("directory/f")));
    assertRefused(() -> tree.rename(inHome("directory/f"), inHome("mine")));
    assertFalse(scratch.exists("none"));
    assertEquals("outside", scratch.content("secret"));
    // The link itself lies inside, so the client may look at it, rename it and delete it.
    assertTrue(tree.linkStatus(inHome("file")).isLink());
    tree.rename(inHome("file"), inHome("sub/file"));
    tree.unlink(inHome("sub/file"));
    assertTrue(scratch.exists("secret"));
  }

  @Test
  void linksThatStayInsideAreFollowed() throws IOException {
    scratch.link("homes/u/relative", "sub/f");
    scratch.link("homes/u/absolute", scratch.at("homes/u/sub/f"));
    scratch.link("homes/u/directory", "./sub/.");
    scratch.link("homes/u/around", "../../homes/u/sub");
    scratch.link("homes/u/sub/top", "..");
    scratch.link("homes/u/chain", "directory/top/around/f");
    scratch.link("homes/u/create", "sub/created");
    for (String name :
        new String[] {
          "relative", "absolute", "directory/f", "around/f", "around/top/sub/f", "chain"
        }) {
      assertEquals("inside", read(tree, inHome(name)), name);
    }
    SystemCallException e =
        assertThrows(
            SystemCallException.class,
            () -> new FileOpener(tree).openForStoring(inHome("create"), StoreMode.CREATE));
    assertEquals(Errno.EEXIST, e.errno(), "a name taken by a link is taken");
    assertFalse(scratch.exists("homes/u/sub/created"));
    new FileOpener(tree).openForStoring(inHome("create"), StoreMode.REPLACE).close();
    assertTrue(scratch.exists("homes/u/sub/created"));
    assertTrue(tree.status(inHome("sub/top")).isDirectory());
  }

  /**
   * When the path to HOME has a link in it, the path with and the path without the link both mean
   * HOME.
   */
  @Test
  void homeOverALinkIsUnderstood() throws IOException {
    scratch.link("homes/u/back", scratch.at("alias/u/sub/f"));
    scratch.link("homes/u/real", scratch.at("homes/u/sub/f"));
    try (FileTree alias = FileTree.lockedTo(scratch.bytesAt("alias/u"), false)) {
      assertEquals(scratch.at("alias/u"), Scratch.text(alias.start().bytes()));
      assertEquals("inside", read(alias, at("alias/u/sub/f")));
      assertEquals("inside", read(alias, at("homes/u/sub/f")));
      assertEquals("inside", read(alias, at("alias/u/back")));
      assertEquals("inside", read(alias, at("alias/u/real")));
      assertRefused(() -> alias.status(at("alias/user2/f")));
      assertRefused(() -> alias.status(at("alias")));
    }
  }

  /** The walk refuses the links that the kernel refuses with fs.protected_symlinks. */
  @Test
  void linksOfOthersInDirectoriesForAllAreNotFollowed() throws IOException {
    scratch.directory("homes/u/tmp");
    for (String link : new String[] {"others", "own"}) {
      scratch.link("homes/u/tmp/" + link, "../sub");
      scratch.link("homes/u/tmp/" + link + "file", "../sub/f");
    }
    scratch.chown("homes/u/tmp/others", Scratch.USER);
    scratch.chown("homes/u/tmp/othersfile", Scratch.USER);
    try (FileTree jailed = FileTree.asJailed(scratch.bytesAt("homes/u"))) {
      for (FileTree in : new FileTree[] {tree, jailed}) {
        for (int mode : new int[] {01755, 0777, 01775}) {
          scratch.chmod("homes/u/tmp", mode);
          assertEquals("inside", read(in, in.start().resolve(bytes("tmp/others/f"))));
          assertEquals("inside", read(in, in.start().resolve(bytes("tmp/othersfile"))));
        }
        scratch.chmod("homes/u/tmp", 01777);
        assertEquals("inside", read(in, in.start().resolve(bytes("tmp/own/f"))));
        assertEquals("inside", read(in, in.start().resolve(bytes("tmp/ownfile"))));
        for (String name : new String[] {"tmp/others/f", "tmp/othersfile", "tmp/others"}) {
          VirtualPath path = in.start().resolve(bytes(name));
          assertRefused(() -> read(in, path));
          assertRefused(() -> in.status(path));
          assertRefused(() -> in.checkEnterable(path));
        }
        assertTrue(in.linkStatus(in.start().resolve(bytes("tmp/others"))).isLink());
        scratch.chown("homes/u/tmp", Scratch.USER);
        assertEquals("inside", read(in, in.start().resolve(bytes("tmp/othersfile"))));
        scratch.chown("homes/u/tmp", 0);
      }
    }
  }

  /** A link that takes the name after the walk has looked is not followed. */
  @Test
  void timesAreSetOfNoLinksTarget() throws IOException {
    scratch.link("homes/u/link", "sub/f");
    scratch.touch("homes/u/sub/f", 1);
    int home = Native.openat(FileFlags.AT_FDCWD, scratch.bytesAt("homes/u"), FileFlags.O_PATH, 0);
    for (boolean jailed : new boolean[] {false, true}) {
      try (Place place = new Place(home, bytes("link"), false, jailed, false)) {
        place.setModified(7);
      }
      assertEquals(1, scratch.statx("homes/u/sub/f").modified());
      assertEquals(7, scratch.statx("homes/u/link").modified());
    }
    Native.close(home);
    tree.setModified(inHome("link"), 9);
    assertEquals(9, scratch.statx("homes/u/sub/f").modified());
  }

  @Test
  void loopsAndDeepPathsEnd() throws IOException {
    scratch.link("homes/u/a", "b");
    scratch.link("homes/u/b", "a");
    scratch.link("homes/u/grow", "grow/x");
    for (String name : new String[] {"a", "a/f", "grow"}) {
      assertEquals(
          Errno.ELOOP,
          assertThrows(SystemCallException.class, () -> tree.status(inHome(name))).errno());
    }
    StringBuilder deep = new StringBuilder("d");
    tree.makeDirectory(inHome("d"));
    for (int i = 0; i < 500; i++) {
      tree.makeDirectory(inHome(deep.append("/d").toString()));
    }
    assertTrue(tree.status(inHome(deep.toString())).isDirectory());
    assertEquals(
        Errno.ENOTDIR,
        assertThrows(SystemCallException.class, () -> tree.status(inHome("sub/f/x"))).errno());
  }

  /**
   * Where a path is deeper than the directories that are held open, ".." still leads back along
   * that path.
   */
  @Test
  void linksLeadUpFromAnyDepth() throws IOException {
    StringBuilder deep = new StringBuilder("sub");
    for (int i = 0; i < 3 * Descent.MOST_HELD; i++) {
      tree.makeDirectory(inHome(deep.append("/d").toString()));
    }
    String up = "../".repeat(3 * Descent.MOST_HELD);
    scratch.link("homes/u/" + deep + "/f", up + "f");
    scratch.link("homes/u/" + deep + "/some", "../".repeat(Descent.MOST_HELD + 1) + "d/d");
    scratch.link("homes/u/" + deep + "/home", up + "..");
    scratch.link("homes/u/" + deep + "/out", up + "../../user2/f");
    assertEquals("inside", read(tree, inHome(deep + "/f")));
    assertEquals("inside", read(tree, inHome(deep + "/home/sub/f")));
    assertTrue(
        tree.status(inHome(deep + "/some"))
            .isSameFileAs(tree.status(inHome("sub" + "/d".repeat(2 * Descent.MOST_HELD + 1)))));
    assertRefused(() -> read(tree, inHome(deep + "/out")));
    // Each way down again counts as a link, so that such a walk ends.
    int turns = Descent.MOST_HELD + 1;
    String back = "../".repeat(turns) + "d/".repeat(turns);
    scratch.link("homes/u/sub/short", "d/".repeat(2 * turns) + back.repeat(10));
    scratch.link("homes/u/sub/long", "d/".repeat(2 * turns) + back.repeat(45));
    assertTrue(tree.status(inHome("sub/short")).isDirectory());
    assertEquals(
        Errno.ELOOP,
        assertThrows(SystemCallException.class, () -> tree.status(inHome("sub/long"))).errno());
  }

  @Test
  void homeMayBeTheRoot() throws IOException {
    try (FileTree all = FileTree.lockedTo(new byte[] {'/'}, false)) {
      assertEquals("outside", read(all, at("secret")));
      assertEquals("outside", read(all, at("alias/user2/f")));
      assertTrue(all.status(VirtualPath.ROOT).isDirectory());
    }
  }

  /**
   * Reads a file while another thread exchanges two names as fast as it can (CVE-2023-24042 and the
   * like). A read may fail or find the file inside, but must never find the one outside.
   */
  private void race(String inside, String link) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    byte[] one = scratch.bytesAt(inside);
    byte[] other = scratch.bytesAt(link);
    Thread racer =
        new Thread(() -> {
          while (!stop.get()) {
            // The flag 2 is RENAME_EXCHANGE.
            Native.renameat2(FileFlags.AT_FDCWD, one, FileFlags.AT_FDCWD, other, 2);
          }
        });
    racer.start();
    int found = 0;
    int refused = 0;
    try {
      VirtualPath path = inHome("sub/f");
      for (int i = 0; i < 20_000 || (i < 400_000 && (found == 0 || refused == 0)); i++) {
        try {
          assertEquals("inside", read(tree, path));
          found++;
        } catch (SystemCallException e) {
          assertTrue(
              e.errno() == Errno.EACCES || e.errno() == Errno.ELOOP || e.errno() == Errno.EINVAL,
              e.getMessage());
          refused++;
        }
      }
    } finally {
      stop.set(true);
      racer.join(10_000);
    }
    assertTrue(found > 0 && refused > 0, found + " found, " + refused + " refused");
  }

  @Test
  void exchangingADirectoryForALinkWinsNothing() throws Exception {
    scratch.link("homes/u/link", scratch.at("homes/user2"));
    race("homes/u/sub", "homes/u/link");
  }

  @Test
  void exchangingAFileForALinkWinsNothing() throws Exception {
    scratch.link("homes/u/link", scratch.at("secret"));
    race("homes/u/sub/f", "homes/u/link");
  }

  /** A command over a link that leads up. It may fail, but must not reach outside. */
  private interface Deed {
    void doIt(int turn) throws IOException;
  }

  /**
   * Somebody moves a directory out of HOME and back, as fast as he can. Links in it must lead up
   * from where the walk found the directory, never from where it is now.
   */
  @Test
  void row50_movingADirectoryOutOfHomeWinsNothing() throws Exception {
    scratch.directory("homes/u/sub/moved");
    scratch.directory("outside");
    for (String name : new String[] {"file", "victim"}) {
      scratch.file("homes/u/sub/" + name, "inside");
      scratch.file("outside/" + name, "outside");
      scratch.chmod("outside/" + name, 0600);
      scratch.touch("outside/" + name, 1);
    }
    scratch.link("homes/u/sub/moved/file", "../file");
    scratch.link("homes/u/sub/moved/new", "../new");
    scratch.link("homes/u/sub/moved/up", "..");
    AtomicBoolean stop = new AtomicBoolean();
    byte[] inside = scratch.bytesAt("homes/u/sub/moved");
    byte[] outside = scratch.bytesAt("outside/moved");
    Thread mover =
        new Thread(() -> {
          while (!stop.get()) {
            Native.renameat2(FileFlags.AT_FDCWD, inside, FileFlags.AT_FDCWD, outside, 0);
            Native.renameat2(FileFlags.AT_FDCWD, outside, FileFlags.AT_FDCWD, inside, 0);
          }
        });
    mover.start();
    try {
      FileOpener opener = new FileOpener(tree);
      Deed[] deeds = {
        _ -> assertEquals("inside", read(tree, inHome("sub/moved/file"))),
        _ -> opener.openForStoring(inHome("sub/moved/new"), StoreMode.REPLACE).close(),
        _ -> opener.openForAppending(inHome("sub/moved/up/new")).close(),
        _ ->
            opener
                .storeAtomically(inHome("sub/moved/up/new"), AtomicStore.Target.REPLACE, 022)
                .commit(false),
        _ -> tree.makeDirectory(inHome("sub/moved/up/made")),
        _ -> tree.removeDirectory(inHome("sub/moved/up/made")),
        _ -> tree.unlink(inHome("sub/moved/up/victim")),
        _ -> tree.rename(inHome("sub/f"), inHome("sub/moved/up/f")),
        _ -> tree.changeMode(inHome("sub/moved/file"), 0644),
        _ -> tree.setModified(inHome("sub/moved/file"), 2),
        _ -> tree.checkEnterable(inHome("sub/moved/up")),
        _ -> {
          try (Directory d =
              tree.openDirectory(inHome("sub/moved/up"), new byte[Directory.BUFFER_SIZE])) {
            assertTrue(d.status().isSameFileAs(scratch.statx("homes/u/sub")));
          }
        },
        turn -> {
          if (turn % 16 == 0) {
            scratch.file("homes/u/sub/victim", "inside");
          }
        },
      };
      int[] done = new int[deeds.length];
      for (int i = 0; i < 40_000; i++) {
        for (int k = 0; k < deeds.length; k++) {
          try {
            deeds[k].doIt(i);
            done[k]++;
          } catch (SystemCallException e) {
            // The directory was outside at that moment, or an earlier command has taken the file
            // away.
          }
        }
        if (i % 500 == 0) {
          assertNothingReached(i);
        }
      }
      assertNothingReached(-1);
      for (int k = 0; k < deeds.length; k++) {
        assertTrue(done[k] > 0, "deed " + k + " was never done");
      }
    } finally {
      stop.set(true);
      mover.join(10_000);
    }
  }

  private void assertNothingReached(int turn) {
    for (String name : new String[] {"file", "victim"}) {
      assertTrue(scratch.exists("outside/" + name), name + " is gone, turn " + turn);
      assertEquals(0600, scratch.statx("outside/" + name).permissions());
      assertEquals(1, scratch.statx("outside/" + name).modified());
    }
    for (String name : new String[] {"new", "made", "f"}) {
      assertFalse(scratch.exists("outside/" + name), name + " was made, turn " + turn);
    }
  }
}
