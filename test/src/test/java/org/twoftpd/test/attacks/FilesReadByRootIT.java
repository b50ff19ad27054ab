package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/** Root does not read, run or write a file that somebody else could replace. */
class FilesReadByRootIT {
  private static final int SOMEBODY = 65534;

  /** Whoever knows the word "right" is root. */
  private static final String MODULE =
      """
      #!/usr/bin/perl
      local $/;
      my $request = <STDIN>;
      my $tag = substr($request, 1, 1 + ord(substr($request, 1, 1)));
      if ($request !~ /right/) { print "\\144$tag\\0"; exit 100; }
      print "\\0$tag\\1\\4root\\2\\0010\\3\\0010\\5\\1/\\0";
      """;

  private static Path module(Path directory) throws IOException {
    Path module = Files.writeString(Files.createDirectory(directory).resolve("module"), MODULE);
    Files.setPosixFilePermissions(module, PosixFilePermissions.fromString("rwxr-xr-x"));
    return module;
  }

  private static void giveAway(Path directory, int uid) throws IOException {
    Files.setAttribute(directory, "unix:uid", uid);
  }

  @Test
  void row54_aModuleWhoseDirectoryWasGivenAwayIsNotStarted() throws IOException {
    ChainOptions o = Chain.options().set("PENALTY_FAILURES", "50");
    Path module = module(o.directory().resolve("modules"));
    // Links as /etc/alternatives has them are followed.
    Path link = Files.createSymbolicLink(o.directory().resolve("link"), module);
    try (Chain chain = o.with("--cvm", "cvm-command:" + link).start();
        Dialogue d = chain.connect()) {
      d.expect(331, "USER x");
      d.expect(530, "PASS wrong");
      chain.eventuallyLogged("login-failed .*user=x reason=.wrong credentials.");
      giveAway(module.getParent(), SOMEBODY);
      d.expect(331, "USER x");
      d.expect(530, "PASS wrong");
      chain.eventuallyLogged(
          "login-failed .*user=x .*is not started: the directory "
              + module.getParent()
              + " .owner uid 65534, mode 0755. must belong to root .*");
      assertTrue(
          chain.reload().contains("refused"), "settings that name such a module are not good");
      giveAway(module.getParent(), 0);
    }
  }

  @Test
  void row54_settingsInADirectoryOfOthersAreNotReadAgain() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      Path directory = chain.configuration().getParent();
      giveAway(directory, SOMEBODY);
      assertTrue(chain.reload("TIMEOUT=77").contains("refused"));
      chain.eventuallyLogged("the directory " + directory + " .owner uid 65534, mode 0711.*");
      giveAway(directory, 0);
      assertTrue(chain.reload("TIMEOUT=77").contains("result=done"), chain.log());
    }
  }

  @Test
  void row54_theTransferLogIsNotMadeWhereOthersMayWrite() throws IOException {
    ChainOptions o = Chain.options().user("alice");
    Path open = Files.createDirectory(o.directory().resolve("open"));
    Files.setAttribute(open, "unix:mode", 01777);
    String why =
        assertThrows(IOException.class, () -> o.set("XFERLOG", open + "/xferlog").start().close())
            .getMessage();
    assertTrue(why.contains("XFERLOG=" + open + "/xferlog: "), why);
    assertTrue(why.contains("the directory " + open + " (owner uid 0, mode 1777)"), why);
  }

  /** Somebody who knows root's password gets the same reply as somebody who guesses. */
  @Test
  void row28_theRightPasswordOfRootIsAnsweredLikeAWrongOne() throws IOException {
    ChainOptions o = Chain.options().set("PENALTY_FAILURES", "3");
    Path module = module(o.directory().resolve("modules"));
    try (Chain chain = o.with("--cvm", "cvm-command:" + module).start()) {
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER root");
        Dialogue.Reply wrong = d.expect(530, "PASS wrong");
        d.expect(331, "USER root");
        assertEquals(wrong.lines(), d.expect(530, "PASS right").lines());
        d.expect(331, "USER root");
        assertEquals(wrong.lines(), d.expect(530, "PASS right").lines());
        d.expect(421);
      }
      chain.eventuallyLogged("login-failed .*user=root reason=.its uid is 0.");
      // Right passwords of root count as failures too.
      try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
        d.expect(421);
      }
    }
  }
}
