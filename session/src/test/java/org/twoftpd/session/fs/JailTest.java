package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.session.fs.Scratch.bytes;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.listing.Facts;
import org.twoftpd.session.listing.Listing;
import org.twoftpd.session.listing.ListingStyle;
import org.twoftpd.session.listing.PermittedVerbs;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.session.listing.Viewer;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Runs a process that really is in a chroot, as a user without rights, and can load nothing more.
 */
class JailTest {
  /**
   * Does everything once outside, so that all classes are loaded, and then the same in the jail.
   */
  public static final class Program {
    private static final StringBuilder OUT = new StringBuilder();

    private Program() {}

    public static void main(String[] arguments) throws SystemCallException {
      byte[] home = bytes(arguments[0]);
      try (FileTree rehearsal = FileTree.asJailed(home)) {
        everything(rehearsal);
      }
      SystemCallException.check(Native.chdir(home));
      SystemCallException.check(Native.chroot(bytes(".")));
      SystemCallException.check(Native.setgroups(new int[0]));
      int user = Scratch.USER;
      SystemCallException.check(Native.setresgid(user, user, user));
      SystemCallException.check(Native.setresuid(user, user, user));
      OUT.setLength(0);
      try (FileTree jailed = FileTree.jailed(false)) {
        everything(jailed);
      }
      System.out.print(OUT);
    }

    private static void everything(FileTree tree) throws SystemCallException {
      FileOpener opener = new FileOpener(tree);
      for (String name : new String[] {"file", "relative", "absolute", "../secret"}) {
        try (FileHandle handle = opener.openForReading(path(name))) {
          OUT.append(name).append(' ').append(handle.size()).append('\n');
        } catch (SystemCallException e) {
          OUT.append(name).append(" errno ").append(e.errno()).append('\n');
        }
      }
      VirtualPath unique = opener.uniqueName(VirtualPath.ROOT, bytes("u"));
      opener.openForStoring(unique, StoreMode.CREATE).syncAndClose();
      tree.changeMode(unique, 0600);
      tree.setModified(unique, 0);
      tree.rename(unique, path("renamed"));
      opener.storeAtomically(path("whole"), AtomicStore.Target.REPLACE, 022).commit(true);
      opener.storeAtomically(path("none"), AtomicStore.Target.CREATE, 022).discard();
      tree.makeDirectory(path("made"));
      tree.removeDirectory(path("made"));
      tree.checkEnterable(VirtualPath.ROOT);
      tree.unlink(path("renamed"));
      tree.unlink(path("whole"));
      PermittedVerbs verbs =
          new PermittedVerbs(true, true, true, true, true, true, true, true, true, true);
      Viewer viewer = new Viewer(0, 0, new int[0], bytes("root"), bytes("root"));
      ListingStyle style = new ListingStyle(viewer, verbs, Facts.TYPE, new StatusHelper());
      byte[] buffer = new byte[Listing.MIN_BUFFER];
      for (Listing.Kind kind : Listing.Kind.values()) {
        try (Listing listing = new Listing(tree, VirtualPath.ROOT, new byte[0], kind, style)) {
          listing.fill(buffer);
        }
      }
      try (Listing listing =
          new Listing(tree, VirtualPath.ROOT, bytes("*e"), Listing.Kind.NLST, style)) {
        int length = listing.fill(buffer);
        OUT.append(Scratch.text(buffer), 0, length);
      }
    }

    private static VirtualPath path(String text) throws SystemCallException {
      return VirtualPath.ROOT.resolve(bytes(text));
    }
  }

  /**
   * Links to outside lead nowhere, whether they are the last part or an earlier one
   * (CVE-2017-7418).
   */
  @Test
  void theJailHoldsAndNothingIsMissingInIt() throws Exception {
    try (Scratch scratch = new Scratch()) {
      scratch.file("secret", "secret");
      scratch.directory("home");
      scratch.chown("home", Scratch.USER);
      scratch.file("home/file", "12345");
      scratch.link("home/relative", "../secret");
      scratch.link("home/absolute", scratch.at("secret"));
      List<String> output = ChildProgram.run(Program.class, "32m", scratch.at("home"));
      assertEquals(
          List.of(
              "file 5",
              "relative errno " + Errno.ENOENT,
              "absolute errno " + Errno.ENOENT,
              "../secret errno " + Errno.ENOENT,
              "absolute",
              "file",
              "relative"),
          output);
      assertTrue(scratch.exists("home/file"));
    }
  }
}
