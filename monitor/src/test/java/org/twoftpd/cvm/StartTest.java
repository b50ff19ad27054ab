/*
 * How twoftpd-cvm starts: what it refuses to start with, and how it gets its socket.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.cvm.Chains;
import org.twoftpd.monitor.cvm.Verdict;

final class StartTest {
  @TempDir Path directory;
  private Path users;
  private Path socket;

  @BeforeEach
  void files() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    users = Files.writeString(directory.resolve("users"), "bob:" + Hashes.SHA512 + ":1:1::/:\n");
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
    socket = directory.resolve("socket");
  }

  private void isAccepted() {
    Verdict verdict =
        Chains.local(socket, Duration.ofSeconds(30))
            .verify(
                "bob".getBytes(StandardCharsets.US_ASCII),
                new byte[0],
                "secret".getBytes(StandardCharsets.US_ASCII));
    assertInstanceOf(Verdict.Accepted.class, verdict);
  }

  /** Starts it with arguments with which it ends by itself, and returns what it printed. */
  private static String ends(int status, String... arguments) throws Exception {
    try (CvmProcess cvm = CvmProcess.start(CvmProcess.command(arguments))) {
      assertEquals(status, cvm.status(), cvm.said());
      return cvm.said();
    }
  }

  private String refused(String... arguments) throws Exception {
    String said = ends(1, arguments);
    assertTrue(said.contains("<3>twoftpd-cvm: "), said);
    return said;
  }

  @Test
  void helpAndVersion() throws Exception {
    assertTrue(ends(0, "--help").startsWith("usage: twoftpd-cvm [--users FILE] [--unix"));
    assertTrue(ends(0, "--version").startsWith("twoftpd-cvm "));
  }

  @Test
  void argumentsThatAreWrongEndItWith2() throws Exception {
    assertTrue(ends(2).contains("--users FILE or --unix must be given"));
    assertTrue(ends(2, "--users", users.toString()).contains("--user must be given"));
    assertTrue(
        ends(2, "--users", users.toString(), "--user", CvmProcess.USER)
            .contains("--socket must be given"));
    assertTrue(
        ends(2, "--users", users.toString(), "--socket", "/x", "--user", "root")
            .contains("allowed are the name of an account other than root"));
  }

  @Test
  void aUsersFileThatItCannotReadLaterEndsItNow() throws Exception {
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
    String said =
        refused(
            "--users", users.toString(), "--socket", socket.toString(), "--user", CvmProcess.USER);
    assertTrue(said.contains("a file that --user 64123:64124 can read is needed"), said);
    assertFalse(Files.exists(socket), "no socket without a service");
    Files.delete(users);
    Files.createDirectory(users);
    assertTrue(
        refused(
                "--users",
                users.toString(),
                "--socket",
                socket.toString(),
                "--user",
                CvmProcess.USER)
            .contains("is not a regular file"));
  }

  @Test
  void aStaleSocketIsReplacedAndNothingElseIs() throws Exception {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertTrue(Files.exists(socket));
    String[] arguments = {
      "--users", users.toString(), "--socket", socket.toString(), "--user", CvmProcess.USER
    };
    try (CvmProcess _ = CvmProcess.serve(users, socket)) {
      isAccepted();
      assertTrue(refused(arguments).contains("another process serves it"));
      isAccepted();
    }
    Files.delete(socket);
    Files.writeString(socket, "precious");
    assertTrue(refused(arguments).contains("something else is there and is left alone"));
    assertEquals("precious", Files.readString(socket));
    Files.delete(socket);
    Files.createSymbolicLink(socket, directory.resolve("elsewhere"));
    assertTrue(refused(arguments).contains("something else is there and is left alone"));
  }

  @Test
  void aPathThatIsNoSocketsEndsIt() throws Exception {
    String[][] paths = {
      {"socket", "an absolute path of at most 107 bytes"},
      {"/" + "x".repeat(107), "an absolute path of at most 107 bytes"},
      {directory + "/none/socket", "No such file or directory"}
    };
    for (String[] each : paths) {
      String said =
          refused("--users", users.toString(), "--socket", each[0], "--user", CvmProcess.USER);
      assertTrue(said.contains(each[1]), said);
    }
  }

  /** Passes the socket as systemd does: as descriptor 3, with a pid that exec does not change. */
  private List<String> activated(String setup, List<String> command) {
    List<String> perl =
        new ArrayList<>(
            List.of(
                "/usr/bin/perl",
                "-e",
                "use Socket; use POSIX; $^F = 9; my ($uid, $path) = splice(@ARGV, 0, 2);"
                    + "socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;"
                    + "bind($s, sockaddr_un($path)) or die;"
                    + setup
                    + "POSIX::dup2(fileno($s), 3); fcntl($s, 2, fileno($s) == 3 ? 0 : 1);"
                    + "$ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$;"
                    + "if ($uid) { $( = $) = \"$uid $uid\"; $< = $> = $uid }"
                    + "exec @ARGV"));
    perl.addAll(command);
    return perl;
  }

  @Test
  void takesTheSocketThatSystemdPassed() throws Exception {
    List<String> command =
        CvmProcess.command("--users", users.toString(), "--user", CvmProcess.USER);
    command.addAll(0, List.of("0", socket.toString()));
    try (CvmProcess cvm = CvmProcess.start(activated("listen($s, 512);", command))) {
      cvm.awaitSocket(socket);
      isAccepted();
      assertEquals("64123 64123 64123 64123", cvm.status("Uid"));
    }
    assertTrue(Files.exists(socket), "it is systemd's");
  }

  @Test
  void aPassedSocketThatDoesNotListenEndsIt() throws Exception {
    List<String> command =
        CvmProcess.command("--users", users.toString(), "--user", CvmProcess.USER);
    command.addAll(0, List.of("0", socket.toString()));
    try (CvmProcess cvm = CvmProcess.start(activated("", command))) {
      assertEquals(1, cvm.status());
      assertTrue(cvm.said().contains("one listening UNIX stream socket"), cvm.said());
    }
  }

  /** Starts it as a unit with User= does: that user must be able to read all that it loads. */
  @Test
  void neverRootWithASocketThatSystemdPassed() throws Exception {
    Path library =
        Files.copy(Path.of(System.getProperty("twoftpd.native")), directory.resolve("l"));
    StringBuilder classPath = new StringBuilder();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (each.matches(".*(jnr|jffi|asm|/classes|shared|monitor).*")
          && Files.exists(Path.of(each))) {
        Path copy = directory.resolve("p" + classPath.length());
        copy(Path.of(each), copy);
        classPath.append(classPath.isEmpty() ? "" : File.pathSeparator).append(copy);
      }
    }
    List<String> command =
        CvmProcess.commandOf(classPath.toString(), library.toString(), "--users", users.toString());
    command.addAll(0, List.of("64123", socket.toString()));
    try (CvmProcess cvm = CvmProcess.start(activated("listen($s, 512);", command))) {
      cvm.awaitSocket(socket);
      isAccepted();
      assertEquals("64123 64123 64123 64123", cvm.status("Uid"));
      assertEquals("1", cvm.status("NoNewPrivs"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, from.equals(each) ? to : to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
