package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.twoftpd.session.fs.Scratch.bytes;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A chroot does not hold a directory that somebody moves out while the kernel looks a path up: its
 * ".." then leads further out. The kernel's own lookup did so 11 times in 72,000.
 */
class JailRaceTest {
  /** Reads over a link that leads up, as many times as the second argument says. */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws SystemCallException {
      // These calls load every class, since none can be loaded in the chroot.
      try (FileTree tree = FileTree.asJailed(bytes(arguments[0]))) {
        read(new FileOpener(tree), VirtualPath.ROOT.resolve(bytes("f")));
        read(new FileOpener(tree), VirtualPath.ROOT.resolve(bytes("none")));
      }
      SystemCallException.check(Native.chdir(bytes(arguments[0])));
      SystemCallException.check(Native.chroot(bytes(".")));
      int inside = 0;
      int outside = 0;
      try (FileTree jailed = FileTree.jailed(false)) {
        FileOpener opener = new FileOpener(jailed);
        VirtualPath path = VirtualPath.ROOT.resolve(bytes("moved/up"));
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
          switch (read(opener, path)) {
            case 'i' -> inside++;
            case 's' -> outside++;
            default -> {}
          }
        }
      }
      System.out.println(outside == 0 && inside > 0 ? "held" : "left, or never in");
    }

    /**
     * Returns the first letter of the file; 0 when it cannot be opened, since its directory is
     * outside at that moment.
     */
    private static byte read(FileOpener opener, VirtualPath path) throws SystemCallException {
      byte[] first = new byte[1];
      try (FileHandle handle = opener.openForReading(path)) {
        Native.read(handle.fd(), first, 0, 1);
      } catch (SystemCallException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
      return first[0];
    }
  }

  @Test
  void row50_aJailIsNotLeftByADirectoryThatMoves() throws Exception {
    try (Scratch scratch = new Scratch()) {
      for (String place : new String[] {"home", "outside"}) {
        scratch.directory(place);
        scratch.file(place + "/f", place.equals("home") ? "inside" : "secret");
      }
      scratch.directory("home/moved");
      // A longer path takes the kernel more time, so a move during it is more likely.
      scratch.link("home/moved/up", "./".repeat(1900) + "../f");
      AtomicBoolean over = new AtomicBoolean();
      byte[] inside = scratch.bytesAt("home/moved");
      byte[] outside = scratch.bytesAt("outside/moved");
      Thread mover =
          new Thread(() -> {
            while (!over.get()) {
              Native.renameat2(FileFlags.AT_FDCWD, inside, FileFlags.AT_FDCWD, outside, 0);
              Native.renameat2(FileFlags.AT_FDCWD, outside, FileFlags.AT_FDCWD, inside, 0);
            }
          });
      mover.start();
      try {
        assertEquals(
            List.of("held"), ChildProgram.run(Program.class, "32m", scratch.at("home"), "60000"));
      } finally {
        over.set(true);
        mover.join(10_000);
      }
    }
  }
}
