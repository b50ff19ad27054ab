package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;
import static org.twoftpd.session.fs.Scratch.path;

import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

class AtomicStoreTest {
  private Scratch scratch;
  private FileTree tree;
  private int descriptorsBefore;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
    tree = FileTree.below(bytes(scratch.root()), false);
    scratch.directory("d");
    descriptorsBefore = scratch.descriptors();
  }

  @AfterEach
  void close() throws IOException {
    int descriptors = scratch.descriptors();
    tree.close();
    scratch.close();
    assertEquals(descriptorsBefore, descriptors, "descriptors left open");
  }

  private AtomicStore begin(AtomicStore.Target target, String content) throws IOException {
    AtomicStore store = new FileOpener(tree).storeAtomically(path("d/f"), target, 022);
    byte[] data = bytes(content);
    assertEquals(data.length, Native.write(store.handle().fd(), data, 0, data.length));
    return store;
  }

  private String[] names() {
    return new File(scratch.at("d")).list();
  }

  private static void assertFails(int errno, Executable task) {
    assertEquals(errno, assertThrows(SystemCallException.class, task).errno());
  }

  @Test
  void theNameAppearsWhenTheFileIsWhole() throws IOException {
    for (boolean sync : new boolean[] {false, true}) {
      AtomicStore store = begin(AtomicStore.Target.REPLACE, "whole " + sync);
      assertEquals(1, names().length);
      assertTrue(names()[0].matches("\\.in\\.[a-z2-7]{20}\\."), names()[0]);
      store.commit(sync);
      assertEquals(1, names().length);
      assertEquals("whole " + sync, scratch.content("d/f"));
      assertTrue(new File(scratch.at("d/f")).delete());
    }
  }

  @Test
  void theOldFileStaysUntilThen() throws IOException {
    scratch.file("d/f", "old");
    scratch.chmod("d/f", 0600);
    begin(AtomicStore.Target.REPLACE, "broken off").discard();
    assertEquals("old", scratch.content("d/f"));
    assertEquals(1, names().length);
    AtomicStore store = begin(AtomicStore.Target.REPLACE, "new");
    assertEquals("old", scratch.content("d/f"));
    store.commit(false);
    store.discard();
    assertEquals("new", scratch.content("d/f"));
    assertEquals(0600, scratch.statx("d/f").permissions());
  }

  private int permissionsOfHidden() {
    for (String name : names()) {
      if (name.startsWith(".in.")) {
        return scratch.statx("d/" + name).permissions();
      }
    }
    throw new AssertionError("nothing is hidden");
  }

  /**
   * An incomplete file is readable by its owner alone. When it is complete, it gets the rights of
   * the file that it replaces. One that replaces nothing has the rights of a new file from the
   * beginning.
   */
  @Test
  void row51_whatIsNotWholeIsItsOwnersAlone() throws IOException {
    for (int mode : new int[] {0600, 0640, 0400 | 0200, 0666}) {
      scratch.file("d/f", "old");
      scratch.chmod("d/f", mode);
      AtomicStore store = begin(AtomicStore.Target.REPLACE, "new");
      assertEquals(0600, permissionsOfHidden());
      assertEquals(mode, scratch.statx("d/f").permissions());
      store.commit(false);
      assertEquals(mode, scratch.statx("d/f").permissions());
      assertEquals("new", scratch.content("d/f"));
    }
    assertTrue(new File(scratch.at("d/f")).delete());
    for (AtomicStore.Target target :
        new AtomicStore.Target[] {AtomicStore.Target.REPLACE, AtomicStore.Target.CREATE}) {
      AtomicStore store = begin(target, "new");
      assertEquals(0644, permissionsOfHidden());
      store.commit(true);
      assertEquals(0644, scratch.statx("d/f").permissions());
      assertTrue(new File(scratch.at("d/f")).delete());
    }
  }

  @Test
  void row51_whatBecomesPrivateMeanwhileStaysPrivate() throws IOException {
    scratch.file("d/f", "old");
    AtomicStore store = begin(AtomicStore.Target.REPLACE, "new");
    scratch.chmod("d/f", 0600);
    store.commit(false);
    assertEquals(0600, scratch.statx("d/f").permissions());
    store = begin(AtomicStore.Target.REPLACE, "newer");
    assertTrue(new File(scratch.at("d/f")).delete());
    store.commit(false);
    assertEquals(0600, scratch.statx("d/f").permissions());
  }

  /** A new file's rights may come from a default ACL, which the umask does not tell. */
  @Test
  void row51_aNewFilesRightsAreTheKernels() throws IOException {
    AtomicStore store = begin(AtomicStore.Target.REPLACE, "new");
    scratch.chmod("d/" + names()[0], 0640);
    store.commit(false);
    assertEquals(0640, scratch.statx("d/f").permissions());
    for (int[] came : new int[][] {{0600, 0600}, {0666, 0644}}) {
      assertTrue(new File(scratch.at("d/f")).delete());
      store = begin(AtomicStore.Target.REPLACE, "new");
      scratch.file("d/f", "came meanwhile");
      scratch.chmod("d/f", came[0]);
      store.commit(false);
      assertEquals(came[1], scratch.statx("d/f").permissions());
    }
  }

  @Test
  void row51_whatOneGroupHadIsNotAnothers() throws IOException {
    for (int[] mode : new int[][] {{0660, 0600}, {0640, 0600}, {0664, 0644}, {0606, 0606}}) {
      scratch.file("d/f", "old");
      scratch.chown("d/f", Scratch.USER);
      scratch.chmod("d/f", mode[0]);
      begin(AtomicStore.Target.REPLACE, "new").commit(false);
      assertEquals(mode[1], scratch.statx("d/f").permissions());
      assertEquals(0, scratch.statx("d/f").gid());
      assertTrue(new File(scratch.at("d/f")).delete());
      scratch.file("private", "old");
      scratch.chown("private", Scratch.USER);
      scratch.chmod("private", mode[0]);
      scratch.link("d/f", "../private");
      begin(AtomicStore.Target.REPLACE, "new").commit(false);
      assertEquals(mode[1] & 0644, scratch.statx("d/f").permissions());
      assertTrue(new File(scratch.at("d/f")).delete());
    }
  }

  @Test
  void row51_whatTakesALinksPlaceIsNoMorePublicThanWhatItLedTo() throws IOException {
    scratch.file("private", "old");
    scratch.chmod("private", 0600);
    scratch.link("d/f", "../private");
    begin(AtomicStore.Target.REPLACE, "new").commit(false);
    assertEquals("new", scratch.content("d/f"));
    assertEquals("old", scratch.content("private"));
    assertEquals(0600, scratch.statx("d/f").permissions());
  }

  @Test
  void createNeverReplaces() throws IOException {
    scratch.file("d/f", "there");
    assertFails(Errno.EEXIST, () -> begin(AtomicStore.Target.CREATE, ""));
    assertEquals(1, names().length);
    assertTrue(new File(scratch.at("d/f")).delete());
    AtomicStore store = begin(AtomicStore.Target.CREATE, "mine");
    scratch.file("d/f", "came meanwhile");
    assertFails(Errno.EEXIST, () -> store.commit(true));
    assertEquals("came meanwhile", scratch.content("d/f"));
    assertEquals(1, names().length);
    assertTrue(new File(scratch.at("d/f")).delete());
    begin(AtomicStore.Target.CREATE, "mine").commit(false);
    assertEquals("mine", scratch.content("d/f"));
    assertEquals(1, names().length);
  }

  @Test
  void whatWasReservedIsEmptiedWhenTheNameIsTakenMeanwhile() throws IOException {
    for (boolean sync : new boolean[] {false, true}) {
      AtomicStore store = begin(AtomicStore.Target.RESERVE, "mine");
      scratch.file("d/f", "came meanwhile");
      assertFails(Errno.EEXIST, () -> store.commit(sync));
      assertEquals("came meanwhile", scratch.content("d/f"));
      assertEquals("", scratch.content("d/.in.f."));
      assertTrue(new File(scratch.at("d/f")).delete());
      assertTrue(new File(scratch.at("d/.in.f.")).delete());
    }
  }

  @Test
  void aReservedNameStaysUsed() throws IOException {
    AtomicStore store = begin(AtomicStore.Target.RESERVE, "first");
    assertFails(Errno.EEXIST, () -> begin(AtomicStore.Target.RESERVE, "second"));
    assertFalse(scratch.exists("d/f"));
    store.commit(true);
    assertEquals("first", scratch.content("d/f"));
    assertEquals(1, names().length);
    assertFails(Errno.EEXIST, () -> begin(AtomicStore.Target.RESERVE, "second"));
    assertTrue(new File(scratch.at("d/f")).delete());
    begin(AtomicStore.Target.RESERVE, "broken off").discard();
    assertEquals(".in.f.", String.join(" ", names()));
    assertEquals(0, scratch.statx("d/.in.f.").size());
    assertFails(Errno.EEXIST, () -> begin(AtomicStore.Target.RESERVE, "again"));
  }

  /**
   * A reserved name is taken without any call that can replace a file, since the filter of drop
   * refuses these.
   */
  @Test
  void aReservedNameIsNeverReplaced() throws IOException {
    scratch.file("d/f", "there");
    assertFails(Errno.EEXIST, () -> begin(AtomicStore.Target.RESERVE, "second"));
    assertEquals(1, names().length);
    assertTrue(new File(scratch.at("d/f")).delete());
    AtomicStore store = begin(AtomicStore.Target.RESERVE, "mine");
    scratch.file("d/f", "came meanwhile");
    assertFails(Errno.EEXIST, () -> store.commit(false));
    assertEquals("came meanwhile", scratch.content("d/f"));
  }

  /** Two names of 255 bytes that differ only in their last byte must stay two names. */
  @Test
  void theLongestNamesCanBeReserved() throws IOException {
    for (String name : new String[] {"x".repeat(255), "x".repeat(254) + "y"}) {
      new FileOpener(tree)
          .storeAtomically(path("d/" + name), AtomicStore.Target.RESERVE, 022)
          .commit(false);
      assertTrue(scratch.exists("d/" + name));
    }
    assertEquals(2, names().length);
    new FileOpener(tree)
        .storeAtomically(path("d/" + "z".repeat(251)), AtomicStore.Target.RESERVE, 022)
        .discard();
    assertEquals(3, names().length);
  }

  @Test
  void refusesWhatAStoreInPlaceRefuses() throws IOException {
    scratch.directory("d/f");
    assertFails(Errno.EISDIR, () -> begin(AtomicStore.Target.REPLACE, ""));
    Scratch.run("rmdir", scratch.at("d/f"));
    scratch.fifo("d/f");
    assertFails(Errno.ESPIPE, () -> begin(AtomicStore.Target.REPLACE, ""));
    Scratch.run("rm", scratch.at("d/f"));
    assertFails(
        Errno.EISDIR,
        () ->
            new FileOpener(tree)
                .storeAtomically(VirtualPath.ROOT, AtomicStore.Target.REPLACE, 022));
    assertFails(
        Errno.ENOENT,
        () ->
            new FileOpener(tree).storeAtomically(path("none/f"), AtomicStore.Target.REPLACE, 022));
    assertFails(
        Errno.ENOENT,
        () ->
            new FileOpener(tree).storeAtomically(path("none/f"), AtomicStore.Target.RESERVE, 022));
    scratch.file("d/f", "of root's");
    scratch.chown("d", Scratch.USER);
    Scratch.asUser(
        () -> assertFails(Errno.EACCES, () -> begin(AtomicStore.Target.REPLACE, "taken")));
    assertEquals("of root's", scratch.content("d/f"));
    assertEquals(1, names().length);
  }

  /** A drop directory may be written and searched, but not read. */
  @Test
  void aDirectoryThatCannotBeReadCanStillBeSynced() throws IOException {
    scratch.chown("d", Scratch.USER);
    scratch.chmod("d", 0300);
    Scratch.asUser(() -> {
      begin(AtomicStore.Target.RESERVE, "synced").commit(true);
      new FileOpener(tree).syncDirectory(path("d"));
    });
    assertEquals("synced", scratch.content("d/f"));
    assertEquals(1, names().length);
  }

  /**
   * The store holds the directory's descriptor, so it does not matter what becomes of the path
   * meanwhile.
   */
  @Test
  void theDirectoryMayMoveMeanwhile() throws IOException {
    AtomicStore store = begin(AtomicStore.Target.REPLACE, "moved");
    tree.rename(path("d"), path("e"));
    scratch.directory("d");
    store.commit(true);
    assertEquals("moved", scratch.content("e/f"));
    assertFalse(scratch.exists("d/f"));
  }

  @Test
  void aFileThatVanishedCannotBeCommitted() throws IOException {
    AtomicStore store = begin(AtomicStore.Target.REPLACE, "gone");
    Scratch.run("rm", scratch.at("d/" + names()[0]));
    assertFails(Errno.ENOENT, () -> store.commit(false));
    assertEquals(0, names().length);
  }

  @Test
  void lockedHomesStoreInTheRightDirectory() throws IOException {
    scratch.link("d/out", "..");
    scratch.directory("d/sub");
    scratch.link("d/in", "sub");
    try (FileTree home = FileTree.lockedTo(scratch.bytesAt("d"), false)) {
      assertFails(
          Errno.EACCES,
          () ->
              new FileOpener(home)
                  .storeAtomically(
                      home.start().resolve(bytes("out/f")), AtomicStore.Target.REPLACE, 022));
      new FileOpener(home)
          .storeAtomically(home.start().resolve(bytes("in/f")), AtomicStore.Target.REPLACE, 022)
          .commit(false);
    }
    assertTrue(scratch.exists("d/sub/f"));
  }
}
