/*
 * twoftpd-cvm seen from outside: it has given up root on every thread, it answers only those whom it should, and the original
 * client understands it.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.cvm.Chains;
import org.twoftpd.monitor.cvm.Verdict;

final class CvmProcessTest {
  private static final String TESTCLIENT = "/usr/bin/cvm-testclient";

  @TempDir Path directory;
  private Path users;
  private Path socket;

  @BeforeEach
  void files() throws Exception {
    // Users other than root must be able to reach the socket.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    users = directory.resolve("users");
    socket = directory.resolve("socket");
    Files.writeString(
        users,
        "bob:"
            + Hashes.SHA512
            + ":1001:1002:Bob B:/home/bob:/bin/sh:27,28\n"
            + "bad:"
            + Hashes.SHA512
            + ":0:1::/:\n");
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(users, "unix:gid", 64124);
  }

  private Verdict ask(String account, String password) {
    return Chains.local(socket, Duration.ofSeconds(20))
        .verify(bytes(account), new byte[0], bytes(password));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void hasGivenUpRootOnEveryThread() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      assertInstanceOf(Verdict.Accepted.class, ask("bob", "secret"));
      List<Path> threads = cvm.threads();
      assertTrue(threads.size() > 5, "threads of a JVM");
      for (Path thread : threads) {
        Path status = thread.resolve("status");
        assertEquals("64123 64123 64123 64123", CvmProcess.field(status, "Uid"));
        assertEquals("64124 64124 64124 64124", CvmProcess.field(status, "Gid"));
        assertEquals("", CvmProcess.field(status, "Groups"));
        assertEquals("1", CvmProcess.field(status, "NoNewPrivs"));
        for (String set : new String[] {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
          assertEquals("0000000000000000", CvmProcess.field(status, set), set);
        }
      }
      // The process is not dumpable, so its files in /proc belong to root, proc(5).
      Path process = Path.of("/proc/" + cvm.process().pid());
      assertEquals(0, Files.getAttribute(process.resolve("mem"), "unix:uid"));
      assertTrue(
          Files.readAllLines(process.resolve("limits")).stream()
              .anyMatch(line -> line.matches("Max core file size +0 +0 .*")));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
      assertEquals(0, Files.getAttribute(socket, "unix:uid"));
      assertEquals(0, Files.getAttribute(socket, "unix:gid"));
      assertFalse(cvm.said().contains("WARNING"), cvm.said());
      assertEquals(
          "<4>users file "
              + users
              + " line 2: the uid is wrong; a number from 1 to"
              + " 4294967294 is allowed\n<6>users file "
              + users
              + ": 1 accounts\n",
          cvm.said());
    }
  }

  @Test
  void theOriginalsClientUnderstandsIt() throws Exception {
    if (!Files.isExecutable(Path.of(TESTCLIENT))) {
      fail(TESTCLIENT + " is missing: install Debian's package cvm");
    }
    try (CvmProcess _ = CvmProcess.serve(users, socket)) {
      String right = testclient(0, "bob", "", "secret");
      for (String line :
          new String[] {
            "user name:        bob", "user ID:          1001", "group ID:         1002",
            "real name:        Bob B", "directory:        /home/bob", "shell:            /bin/sh",
            "supp. group ID:   1002", "supp. group ID:   27", "supp. group ID:   28"
          }) {
        assertTrue(right.contains(line + "\n"), right);
      }
      assertTrue(testclient(0, "bob", "example.org", "secret").contains("user ID:          1001"));
      for (String[] wrong : new String[][] {{"bob", "", "Secret"}, {"eve", "", "secret"}}) {
        assertTrue(testclient(100, wrong).contains("error #100"));
      }
    }
  }

  private String testclient(int status, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(TESTCLIENT, "cvm-local:" + socket));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("testclient");
    Process client =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!client.waitFor(10, TimeUnit.SECONDS)) {
      client.destroyForcibly();
      fail("cvm-testclient did not end");
    }
    assertEquals(status, client.exitValue(), Files.readString(output));
    return Files.readString(output);
  }

  /** The answer that a process with that uid gets, in hexadecimal, or why it could not ask. */
  private String askedBy(int uid) {
    String request = HexFormat.of().formatHex(new byte[] {2, 0, 1, 1, 'x', 3, 1, 'x', 0});
    return Hashes.perl(
        """
        use Socket;
        $( = $) = "$ARGV[0] $ARGV[0]";
        $< = $> = $ARGV[0];
        die "still root" if $> != $ARGV[0];
        socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
        connect($s, sockaddr_un($ARGV[1])) or do { print "connect: $!"; exit };
        $SIG{PIPE} = 'IGNORE';
        syswrite($s, pack('H*', $ARGV[2]));
        shutdown($s, 1);
        alarm 10;
        my $reply = '';
        while (sysread($s, $reply, 100, length $reply)) {}
        print unpack('H*', $reply);
        """,
        Integer.toString(uid),
        socket.toString(),
        request);
  }

  @Test
  void answersRootAndItselfAndNobodyElse() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      assertEquals("640000", askedBy(0));
      assertEquals("connect: Permission denied", askedBy(65534));
      assertEquals("connect: Permission denied", askedBy(64123));
      // Even with a wrong mode of the socket, the kernel tells who asks.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      assertEquals("", askedBy(65534));
      cvm.awaitLine("<4>closed a connection of uid 65534\n");
      assertEquals("640000", askedBy(64123));
      assertEquals("640000", askedBy(0));
    }
  }

  @Test
  void theUsersFileIsFollowed() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      assertEquals(new Verdict.Refused(), ask("eve", "secret"));
      Files.writeString(users, "eve:" + Hashes.SHA512 + ":1:1::/:\n");
      assertInstanceOf(Verdict.Accepted.class, ask("eve", "secret"));
      assertEquals(new Verdict.Refused(), ask("bob", "secret"));
      Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(users, "eve:" + Hashes.SHA512 + ":2:1::/:\n");
      assertInstanceOf(Verdict.Unavailable.class, ask("eve", "secret"));
      cvm.awaitLine("<3>accounts cannot be read: ");
    }
  }
}
