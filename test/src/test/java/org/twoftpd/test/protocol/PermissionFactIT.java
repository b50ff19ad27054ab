/*
 * The perm fact of MLST (RFC 3659, 7.5.5) against what really can be done.
 */
package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/**
 * Tries what each letter stands for on every kind of file, in each table. What the fact tells
 * succeeds, and nothing else does.
 */
class PermissionFactIT {
  private static final String SET_UP =
      """
      cd "$1" && rm -rf -- * && umask 022
      echo x >file; echo x >readable; echo x >writable; echo x >secret; chmod 644 file
      mkdir dir listed searched shut locked sticky
      for d in dir locked; do echo x >$d/in; done
      chown -R "$2:$2" .
      chmod 444 readable; chmod 222 writable; chmod 0 secret shut; chmod 444 listed
      chmod 111 searched; chmod 555 locked
      chown 0:0 sticky; chmod 1777 sticky
      echo x >sticky/others; chmod 644 sticky/others
      echo x >sticky/own; chown "$2:$2" sticky/own
      echo x >others; chmod 666 others
      """;

  private static final String[] FILES = {
    "file", "readable", "writable", "secret", "others", "sticky/own", "sticky/others", "locked/in"
  };
  private static final String[] DIRECTORIES = {
    "dir", "listed", "searched", "shut", "locked", "sticky"
  };

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("reader", "/bin/read")
            .user("giver", "/bin/write")
            .set("SHELL_READONLY", "/bin/read")
            .set("SHELL_WRITEONLY", "/bin/write")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void setUp(Chain.User user) throws IOException {
    try {
      int status =
          new ProcessBuilder("sh", "-ec", SET_UP, "sh", user.home().toString(), "" + user.uid())
              .inheritIO()
              .start()
              .waitFor();
      assertEquals(0, status);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String told(Dialogue d, String path) throws IOException {
    String fact = d.expect(250, "MLST " + path).lines().get(1);
    return fact.replaceFirst(".*perm=([a-z]*);.*", "$1");
  }

  private static boolean transfers(Dialogue d, String line, boolean send) throws IOException {
    try (Socket data = d.passive()) {
      if (d.command(line).code() != 150) {
        return false;
      }
      if (send) {
        data.shutdownOutput();
      } else {
        data.getInputStream().readAllBytes();
      }
      return d.reply().code() == 226;
    }
  }

  private static boolean succeeds(Dialogue d, String line) throws IOException {
    return d.command(line).code() < 400;
  }

  /**
   * Tries what a letter stands for. For d, a directory is emptied first: only an empty one can go.
   */
  private static boolean possible(Dialogue d, char letter, String path, Path file)
      throws IOException {
    boolean directory = Files.isDirectory(file);
    return switch (letter) {
      case 'a' -> transfers(d, "APPE " + path, true);
      case 'c' -> directory && transfers(d, "STOR " + path + "/made", true);
      case 'd' -> {
        for (String inside : directory ? new String[] {"in", "own", "others"} : new String[0]) {
          Files.deleteIfExists(file.resolve(inside));
        }
        yield succeeds(d, (directory ? "RMD " : "DELE ") + path);
      }
      case 'e' -> succeeds(d, "CWD " + path) && succeeds(d, "CWD /");
      case 'f' -> succeeds(d, "RNFR " + path) && succeeds(d, "RNTO " + path + ".renamed");
      case 'l' -> directory && transfers(d, "MLSD " + path, false);
      case 'm' -> directory && succeeds(d, "MKD " + path + "/made");
      case 'p' -> {
        if (directory) {
          // The file is the user's own, so that only the directory decides.
          Path own = file.resolve("own");
          Files.write(own, new byte[0]);
          Files.setAttribute(
              own, "unix:uid", Files.getAttribute(file.resolveSibling("file"), "unix:uid"));
        }
        yield directory && succeeds(d, "DELE " + path + "/own");
      }
      case 'r' -> transfers(d, "RETR " + path, false);
      case 'w' -> !directory && transfers(d, "STOR " + path, true);
      default -> throw new IllegalArgumentException("no such letter: " + letter);
    };
  }

  private static void holds(String name) throws IOException {
    Chain.User user = chain.user(name);
    List<String> paths = new ArrayList<>(List.of(FILES));
    paths.addAll(List.of(DIRECTORIES));
    Map<String, String> told = new TreeMap<>();
    Map<String, String> possible = new TreeMap<>();
    boolean changed = true;
    try (Dialogue d = chain.login(name)) {
      for (String path : paths) {
        StringBuilder can = new StringBuilder();
        for (char letter : "acdeflmprw".toCharArray()) {
          if (changed) {
            setUp(user);
          }
          told.put(path, told(d, path));
          boolean done = possible(d, letter, path, user.home().resolve(path));
          if (done) {
            can.append(letter);
          }
          changed = done && "elr".indexOf(letter) < 0 || letter == 'd' || letter == 'p';
        }
        possible.put(path, can.toString());
      }
    }
    assertEquals(possible.toString(), told.toString());
  }

  @Test
  void inXferItTellsWhatCanBeDone() throws IOException {
    holds("alice");
  }

  @Test
  void inAnonItTellsWhatCanBeDone() throws IOException {
    holds("reader");
  }

  @Test
  void inDropNothingIsTold() throws IOException {
    setUp(chain.user("giver"));
    try (Dialogue d = chain.login("giver")) {
      d.expect(550, "MLST file");
      assertEquals("", d.fetchText("MLSD"));
    }
  }
}
