/*
 * Root reads, runs and writes nothing that somebody else could have put there.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrustedPathTest {
  @TempDir Path top;
  private Path inner;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    assumeTrue(Native.geteuid() == 0, "needs root");
    inner = Files.createDirectories(top.resolve("a/b"));
    file = Files.writeString(inner.resolve("file"), "x");
  }

  private static void open(Path path) throws IOException {
    Native.close(TrustedPath.open(path.toString(), FileFlags.O_RDONLY, 0));
  }

  private static String refused(Path path) {
    return assertThrows(IOException.class, () -> open(path), path.toString()).getMessage();
  }

  private static void mode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  private static void owner(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void row54_everyDirectoryOnTheWayIsRootsAlone() throws IOException {
    open(file);
    for (Path directory : new Path[] {inner, top.resolve("a"), top}) {
      String shown = "the directory " + directory + " (owner uid ";
      for (int mode : new int[] {0775, 0757, 01777, 0720}) {
        mode(directory, mode);
        assertEquals(
            shown
                + String.format(
                    "0, mode %04o) must belong to root and be writable by its owner alone, not by"
                        + " group or others",
                    mode),
            refused(file));
      }
      mode(directory, 0700);
      owner(directory, 65534);
      assertTrue(refused(file).startsWith(shown + "65534, mode 0700)"));
      owner(directory, 0);
      open(file);
    }
  }

  @Test
  void row54_theFileIsRootsAlone() throws IOException {
    mode(file, 0664);
    assertTrue(refused(file).startsWith("the file " + file + " (owner uid 0, mode 0664)"));
    mode(file, 0646);
    assertTrue(refused(file).contains("mode 0646"));
    mode(file, 0640);
    open(file);
    owner(file, 65534);
    assertTrue(refused(file).contains("owner uid 65534"));
  }

  @Test
  void row54_aLinkIsAsGoodAsWhereItLiesAndWhereItLeads() throws IOException {
    Path others = Files.createDirectory(top.resolve("others"));
    Path toFile = Files.createSymbolicLink(others.resolve("l"), file);
    Path toDirectory = Files.createSymbolicLink(top.resolve("d"), Path.of("others/../a/b/"));
    open(toFile);
    open(toDirectory.resolve("file"));
    owner(others, 65534);
    assertTrue(refused(toFile).contains("the directory " + others));
    assertTrue(refused(toDirectory.resolve("file")).contains("the directory " + others));
    owner(others, 0);
    owner(toFile, 65534);
    assertTrue(refused(toFile).startsWith("the symbolic link " + toFile));
    Path good = Files.createSymbolicLink(top.resolve("good"), file);
    open(good);
    mode(inner, 0777);
    assertTrue(refused(good).contains("the directory " + inner));
  }

  @Test
  void aPathIsShownWithoutLinksAndDots() throws IOException {
    Files.createSymbolicLink(top.resolve("d"), Path.of("a/b"));
    try (TrustedPath p = TrustedPath.find(top + "/a//./../d/../b/file")) {
      assertEquals(file.toString(), p.resolved());
      assertTrue(p.exists());
    }
    try (TrustedPath p = TrustedPath.find(top + "/d/new")) {
      assertEquals(inner + "/new", p.resolved());
      assertFalse(p.exists());
    }
    try (TrustedPath p = TrustedPath.find(top + "/../../../../../..")) {
      assertEquals("/", p.resolved());
    }
  }

  @Test
  void namesWhatIsMissingAndEndsInCircles() throws IOException {
    assertEquals("No such file or directory", refused(inner.resolve("missing")));
    assertEquals(
        top + "/missing: No such file or directory", refused(top.resolve("missing/further")));
    assertEquals(file + ": Not a directory", refused(file.resolve("x/y")));
    assertTrue(refused(inner).startsWith("it is not a regular file"));
    assertTrue(refused(Path.of("/")).startsWith("it is not a regular file"));
    Path circle = Files.createSymbolicLink(top.resolve("circle"), Path.of("circle"));
    assertEquals("Too many symbolic links", refused(circle));
    Path nowhere = Files.createSymbolicLink(top.resolve("nowhere"), Path.of("a/none"));
    assertEquals("No such file or directory", refused(nowhere));
  }

  @Test
  void aDirectoryIsLookedAtItself() throws IOException {
    TrustedPath.checkDirectory(inner.toString());
    mode(inner, 0777);
    assertThrows(IOException.class, () -> TrustedPath.checkDirectory(inner.toString()));
    assertThrows(IOException.class, () -> TrustedPath.checkDirectory(file.toString()));
    assertThrows(IOException.class, () -> TrustedPath.checkDirectory(top + "/none"));
    TrustedPath.checkDirectory("/");
  }

  @Test
  void row54_aSocketMayLieInADirectoryOfItsOwner() throws IOException {
    Path socket = inner.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      // Only root could have put this one there.
      owner(socket, 4711);
      check(socket, TrustedPath.NOBODY);
      check(socket, 0);
      owner(inner, 4711);
      check(socket, 4711);
      owner(socket, 0);
      check(socket, 4711);
      owner(socket, 4713);
      assertTrue(
          refusedSocket(socket, 4711).startsWith("the socket " + socket + " (owner uid 4713"));
      owner(inner, 4712);
      String why = refusedSocket(socket, 4711);
      assertTrue(
          why.startsWith("the directory " + inner + " (owner uid 4712, ")
              && why.contains("must belong to root or uid 4711 and"),
          why);
      owner(inner, 0);
      mode(top, 01777);
      refusedSocket(socket, 4711);
    }
  }

  /** Another user's socket is not taken for root's that was in the same place before. */
  @Test
  void row54_whoAnswersIsNotSaidByWhatIsFoundLater() throws IOException {
    Path socket = inner.resolve("socket");
    assertEquals(TrustedPath.NOBODY, TrustedPath.socketOwner(inner + "/later/socket"));
    assertEquals(0, TrustedPath.socketOwner(socket.toString()));
    owner(inner, 4711);
    assertEquals(4711, TrustedPath.socketOwner(socket.toString()));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      owner(socket, 4712);
      assertEquals(4712, TrustedPath.socketOwner(socket.toString()));
      owner(inner, 4712);
      check(socket, 4712);
      refusedSocket(socket, 0);
      refusedSocket(socket, TrustedPath.NOBODY);
    }
  }

  private static void check(Path socket, long owner) throws IOException {
    TrustedPath.checkSocket(socket.toString(), owner);
  }

  private static String refusedSocket(Path socket, long owner) {
    return assertThrows(IOException.class, () -> check(socket, owner)).getMessage();
  }

  @Test
  void leavesNoDescriptorOpen() throws IOException {
    Path link = Files.createSymbolicLink(top.resolve("l"), file);
    mode(inner, 0777);
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      refused(link);
      refused(top.resolve("none/x"));
      TrustedPath.checkDirectory(top.toString());
    }
    assertEquals(before, descriptors());
  }

  private static long descriptors() throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(Files::isSymbolicLink)
          .map(TrustedPathTest::target)
          .filter(t -> t.startsWith("/var/lib/twoftpd-test/") || t.equals("/"))
          .count();
    }
  }

  private static String target(Path p) {
    try {
      return Files.readSymbolicLink(p).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
