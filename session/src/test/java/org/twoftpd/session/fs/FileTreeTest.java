package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;
import static org.twoftpd.session.fs.Scratch.path;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Uses files under SOFTCHROOT, where the kernel resolves the path as it does in a chroot. */
class FileTreeTest {
  private Scratch scratch;
  private FileTree tree;
  private int descriptorsBefore;

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

  private static void assertFails(int errno, Executable task) {
    SystemCallException e = assertThrows(SystemCallException.class, task);
    assertEquals(errno, e.errno(), e.getMessage());
  }

  private static String read(FileHandle handle) throws SystemCallException {
    byte[] data = new byte[100];
    int length = Native.read(handle.fd(), data, 0, data.length);
    handle.close();
    return Scratch.text(data).substring(0, length);
  }

  private static void write(FileHandle handle, String text) {
    assertEquals(text.length(), Native.write(handle.fd(), bytes(text), 0, text.length()));
  }

  @Test
  void everyByteIsGoodForAName() throws IOException {
    for (int b = 1; b < 256; b++) {
      if (b == '/') {
        continue;
      }
      VirtualPath path = VirtualPath.ROOT.resolve(new byte[] {'x', (byte) b, 'x'});
      VirtualPath other = VirtualPath.ROOT.resolve(new byte[] {'y', (byte) b});
      try (FileHandle handle = new FileOpener(tree).openForStoring(path, StoreMode.CREATE)) {
        write(handle, "byte " + b);
      }
      assertTrue(scratch.exists("x" + (char) b + "x"));
      tree.rename(path, other);
      assertEquals("byte " + b, read(new FileOpener(tree).openForReading(other)));
      tree.unlink(other);
      assertFails(Errno.ENOENT, () -> tree.status(other));
    }
  }

  @Test
  void readsRegularFilesOnlyAndNeverWaits() throws IOException {
    scratch.file("file", "hello");
    scratch.directory("directory");
    scratch.fifo("fifo");
    scratch.socket("socket");
    scratch.link("device", "/dev/zero");
    scratch.link("tofifo", "fifo");
    scratch.link("dangling", "nothing");
    scratch.link("loop", "loop");
    assertEquals("hello", read(new FileOpener(tree).openForReading(path("file"))));
    assertFails(Errno.EISDIR, () -> new FileOpener(tree).openForReading(path("directory")));
    assertFails(Errno.EISDIR, () -> new FileOpener(tree).openForReading(VirtualPath.ROOT));
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForReading(path("fifo")));
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForReading(path("tofifo")));
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForReading(path("socket")));
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForReading(path("device")));
    assertFails(Errno.ENOENT, () -> new FileOpener(tree).openForReading(path("dangling")));
    assertFails(Errno.ELOOP, () -> new FileOpener(tree).openForReading(path("loop")));
    assertFails(Errno.ENOTDIR, () -> new FileOpener(tree).openForReading(path("file/x")));
  }

  @Test
  void storesIntoRegularFilesOnlyAndNeverWaits() throws IOException {
    scratch.directory("directory");
    scratch.fifo("fifo");
    scratch.socket("socket");
    scratch.link("device", "/dev/null");
    for (StoreMode mode : new StoreMode[] {StoreMode.REPLACE, StoreMode.RESUME}) {
      assertFails(Errno.EISDIR, () -> new FileOpener(tree).openForStoring(path("directory"), mode));
      assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForStoring(path("fifo"), mode));
      assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForStoring(path("socket"), mode));
      assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForStoring(path("device"), mode));
    }
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForAppending(path("fifo")));
    assertFails(
        Errno.EISDIR,
        () -> new FileOpener(tree).openForStoring(VirtualPath.ROOT, StoreMode.REPLACE));
    assertFails(
        Errno.EEXIST, () -> new FileOpener(tree).openForStoring(path("fifo"), StoreMode.CREATE));
    assertFails(Errno.EISDIR, () -> new FileOpener(tree).openForAppending(path("directory")));
  }

  /**
   * When a FIFO has a reader, the kernel lets it be opened for writing, so the check of the
   * descriptor must refuse it.
   */
  @Test
  void fifoWithAReaderIsStillRefused() throws IOException {
    scratch.fifo("fifo");
    int reader = Native.openat(-100, scratch.bytesAt("fifo"), 0, 0);
    assertTrue(reader >= 0);
    assertFails(
        Errno.ESPIPE, () -> new FileOpener(tree).openForStoring(path("fifo"), StoreMode.REPLACE));
    assertFails(Errno.ESPIPE, () -> new FileOpener(tree).openForAppending(path("fifo")));
    Native.close(reader);
  }

  @Test
  void storeModes() throws IOException {
    int old = Native.umask(027);
    try {
      assertFails(
          Errno.ENOENT, () -> new FileOpener(tree).openForStoring(path("f"), StoreMode.RESUME));
      try (FileHandle handle = new FileOpener(tree).openForStoring(path("f"), StoreMode.REPLACE)) {
        write(handle, "0123456789");
      }
      assertEquals(0640, scratch.statx("f").permissions());
      assertFails(
          Errno.EEXIST, () -> new FileOpener(tree).openForStoring(path("f"), StoreMode.CREATE));
      try (FileHandle handle = new FileOpener(tree).openForStoring(path("f"), StoreMode.RESUME)) {
        assertEquals(10, handle.size());
        handle.seek(4);
        write(handle, "xy");
      }
      assertEquals("0123xy6789", scratch.content("f"));
      try (FileHandle handle = new FileOpener(tree).openForAppending(path("f"))) {
        handle.seek(0);
        write(handle, "+");
      }
      assertEquals("0123xy6789+", scratch.content("f"));
      FileHandle handle = new FileOpener(tree).openForStoring(path("f"), StoreMode.REPLACE);
      assertEquals(11, scratch.statx("f").size(), "opening loses nothing");
      handle.truncate(0);
      assertEquals(11, handle.size(), "as it was before it was emptied");
      write(handle, "new");
      handle.syncAndClose();
      handle.close();
      assertEquals("new", scratch.content("f"));
      new FileOpener(tree).syncDirectory(VirtualPath.ROOT);
      try (FileHandle made = new FileOpener(tree).openForAppending(path("made"))) {
        write(made, "1");
      }
      assertEquals("1", scratch.content("made"));
    } finally {
      Native.umask(old);
    }
  }

  /** A link takes its name even when it leads nowhere, so drop and STOU must not use that name. */
  @Test
  void createDoesNotGoThroughALink() throws IOException {
    scratch.link("link", "target");
    assertFails(
        Errno.EEXIST, () -> new FileOpener(tree).openForStoring(path("link"), StoreMode.CREATE));
    assertFalse(scratch.exists("target"));
  }

  @Test
  void directoriesAndNames() throws IOException {
    tree.makeDirectory(path("a"));
    tree.makeDirectory(path("a/b"));
    assertFails(Errno.EEXIST, () -> tree.makeDirectory(path("a")));
    assertFails(Errno.ENOENT, () -> tree.makeDirectory(path("x/y")));
    assertFails(Errno.ENOTEMPTY, () -> tree.removeDirectory(path("a")));
    assertFails(Errno.EISDIR, () -> tree.unlink(path("a/b")));
    tree.removeDirectory(path("a/b"));
    scratch.file("one", "1");
    scratch.file("two", "2");
    tree.rename(path("one"), path("two"));
    assertEquals("1", scratch.content("two"));
    assertFalse(scratch.exists("one"));
    assertFails(Errno.ENOTDIR, () -> tree.removeDirectory(path("two")));
    assertFails(Errno.EISDIR, () -> tree.rename(path("two"), path("a")));
    assertFails(Errno.EBUSY, () -> tree.rename(VirtualPath.ROOT, path("a/r")));
    assertThrows(SystemCallException.class, () -> tree.removeDirectory(VirtualPath.ROOT));
    assertTrue(scratch.exists("two"));
    scratch.link("link", "two");
    tree.unlink(path("link"));
    assertTrue(scratch.exists("two"));
  }

  @Test
  void modesAndTimes() throws IOException {
    scratch.file("f", "");
    tree.changeMode(path("f"), 0604);
    assertEquals(0604, scratch.statx("f").permissions());
    assertFails(Errno.EINVAL, () -> tree.changeMode(path("f"), 04777));
    assertFails(Errno.EINVAL, () -> tree.changeMode(path("f"), -1));
    assertEquals(0604, scratch.statx("f").permissions());
    tree.setModified(path("f"), 951868799);
    assertEquals(951868799, tree.status(path("f")).modified());
    scratch.link("link", "f");
    tree.changeMode(path("link"), 0644);
    assertEquals(0644, scratch.statx("f").permissions());
    assertTrue(tree.linkStatus(path("link")).isLink());
    assertTrue(tree.status(path("link")).isRegular());
  }

  @Test
  void aDirectoryNeedsSearchNotReadToBeEntered() throws IOException {
    scratch.directory("search");
    scratch.chmod("search", 0111);
    scratch.directory("read");
    scratch.chmod("read", 0444);
    scratch.file("file", "");
    scratch.chmod("file", 0755);
    Scratch.asUser(() -> {
      tree.checkEnterable(path("search"));
      assertFails(Errno.EACCES, () -> tree.checkEnterable(path("read")));
      assertFails(Errno.ENOTDIR, () -> tree.checkEnterable(path("file")));
      assertFails(Errno.ENOENT, () -> tree.checkEnterable(path("none")));
      tree.checkEnterable(VirtualPath.ROOT);
      assertFalse(tree.isWritable(VirtualPath.ROOT));
      assertFails(
          Errno.EACCES, () -> new FileOpener(tree).openForStoring(path("x"), StoreMode.REPLACE));
    });
    assertTrue(tree.isWritable(VirtualPath.ROOT));
  }

  @Test
  void freeBytesAreThoseOfTheFileSystem() throws IOException {
    long free = new FileOpener(tree).freeBytes(VirtualPath.ROOT);
    long told = new java.io.File(scratch.root()).getUsableSpace();
    assertTrue(Math.abs(free - told) < 1L << 30, free + " and " + told);
    assertFails(Errno.ENOENT, () -> new FileOpener(tree).freeBytes(path("none")));
  }

  @Test
  void uniqueNamesAreNew() throws IOException {
    VirtualPath a = new FileOpener(tree).uniqueName(path("dir"), bytes("up"));
    VirtualPath b = new FileOpener(tree).uniqueName(path("dir"), bytes("up"));
    assertNotEquals(a, b);
    assertTrue(a.startsWith(path("dir")));
    assertTrue(Scratch.text(a.name()).matches("up\\.[a-z2-7]{20}"));
    assertTrue(
        Scratch.text(new FileOpener(tree).uniqueName(path("dir"), bytes("")).name())
            .matches("[a-z2-7]{20}"));
  }

  @Test
  void hiddenDotFilesAreRefusedEverywhere() throws IOException {
    scratch.directory(".d");
    scratch.file(".d/f", "x");
    scratch.file(".f", "x");
    scratch.file("f", "x");
    try (FileTree hiding = FileTree.below(bytes(scratch.root()), true)) {
      for (String name : new String[] {".f", ".d", ".d/f", ".none", "a/.b/c"}) {
        VirtualPath path = path(name);
        assertFails(Errno.ENOENT, () -> hiding.status(path));
        assertFails(Errno.ENOENT, () -> hiding.linkStatus(path));
        assertFails(Errno.ENOENT, () -> new FileOpener(hiding).openForReading(path));
        assertFails(Errno.ENOENT, () -> hiding.checkEnterable(path));
        assertFails(Errno.ENOENT, () -> hiding.unlink(path));
        assertFails(Errno.ENOENT, () -> hiding.removeDirectory(path));
        assertFails(Errno.ENOENT, () -> hiding.changeMode(path, 0600));
        assertFails(Errno.ENOENT, () -> hiding.setModified(path, 0));
        assertFails(Errno.ENOENT, () -> hiding.rename(path, path("x")));
        assertFails(Errno.EACCES, () -> hiding.rename(path("f"), path));
        assertFails(Errno.EACCES, () -> hiding.makeDirectory(path));
        assertFails(Errno.EACCES, () -> new FileOpener(hiding).openForAppending(path));
        assertFails(
            Errno.EACCES, () -> new FileOpener(hiding).openForStoring(path, StoreMode.REPLACE));
        assertFails(
            Errno.EACCES,
            () -> new FileOpener(hiding).storeAtomically(path, AtomicStore.Target.REPLACE, 022));
      }
      assertEquals("x", read(new FileOpener(hiding).openForReading(path("f"))));
    }
  }

  /** Only dots below HOME hide a file, so a home below a dot directory still shows its files. */
  @Test
  void dotsAboveHomeDoNotCount() throws IOException {
    scratch.directory(".homes");
    scratch.directory(".homes/u");
    scratch.file(".homes/u/f", "x");
    scratch.file(".homes/u/.f", "x");
    try (FileTree hiding = FileTree.lockedTo(scratch.bytesAt(".homes/u"), true)) {
      assertEquals(1, hiding.status(hiding.start().resolve(bytes("f"))).size());
      assertFails(Errno.ENOENT, () -> hiding.status(hiding.start().resolve(bytes(".f"))));
    }
  }

  @Test
  void softRootLetsLinksLeadOutAndNothingElse() throws IOException {
    scratch.directory("home");
    scratch.file("outside", "out");
    scratch.link("home/link", "../outside");
    try (FileTree home = FileTree.below(scratch.bytesAt("home"), false)) {
      assertEquals("out", read(new FileOpener(home).openForReading(path("link"))));
      assertFails(Errno.ENOENT, () -> new FileOpener(home).openForReading(path("../outside")));
      assertEquals(VirtualPath.ROOT, home.start());
    }
  }

  @Test
  void wholeTreeStartsAtHome() throws IOException {
    scratch.file("f", "x");
    try (FileTree whole = FileTree.whole(bytes(scratch.root()), false)) {
      assertEquals(scratch.root(), Scratch.text(whole.start().bytes()));
      assertEquals(
          "x", read(new FileOpener(whole).openForReading(whole.start().resolve(bytes("f")))));
      assertFails(Errno.ESPIPE, () -> new FileOpener(whole).openForReading(path("/dev/null")));
      assertTrue(whole.status(path("/etc/passwd")).isRegular());
    }
  }

  @Test
  void jailedViewIsWhatTheProcessSees() throws IOException {
    try (FileTree jailed = FileTree.jailed(false)) {
      assertEquals(VirtualPath.ROOT, jailed.start());
      assertTrue(jailed.status(path("/proc/../etc/passwd")).isRegular());
    }
  }

  @Test
  void homesThatAreNoneAreRefused() throws IOException {
    scratch.file("f", "");
    assertFails(Errno.ENOENT, () -> FileTree.below(scratch.bytesAt("none"), false));
    assertFails(Errno.ENOTDIR, () -> FileTree.lockedTo(scratch.bytesAt("f"), false));
  }
}
