/*
 * Row 29 of attacks.txt from the other side: clients of twoftpd-cvm that stall, send nonsense or come in crowds delay nobody else
 * and leave nothing behind.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.cvm.Chains;
import org.twoftpd.monitor.cvm.Verdict;

final class CvmLoadTest {
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

  private SocketChannel connect() throws Exception {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private static String exchange(SocketChannel channel, byte[] request) throws Exception {
    channel.write(ByteBuffer.wrap(request));
    channel.shutdownOutput();
    ByteBuffer reply = ByteBuffer.allocate(600);
    while (channel.read(reply) >= 0) {}
    return HexFormat.of().formatHex(reply.array(), 0, reply.position());
  }

  @Test
  void brokenRequestsGetAnErrorAndNoAccount() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      byte[][] broken = {
        {},
        {2},
        {2, 5, 1},
        {1, 'b', 'o', 'b', 0},
        {2, 0, 1, 9, 'x', 0},
        {2, 0, 1, 1, 'x'},
        {2, 0, 1, 1, 'x', 0, 0},
        new byte[512]
      };
      for (byte[] request : broken) {
        try (SocketChannel channel = connect()) {
          assertEquals("020000", exchange(channel, request));
        }
      }
      try (SocketChannel channel = connect()) {
        channel.write(ByteBuffer.wrap(new byte[513]));
        ByteBuffer reply = ByteBuffer.allocate(600);
        while (channel.read(reply) >= 0) {}
        assertEquals("020000", HexFormat.of().formatHex(reply.array(), 0, reply.position()));
      }
      assertInstanceOf(Verdict.Accepted.class, ask("bob", "secret"));
      assertTrue(cvm.process().isAlive());
    }
  }

  @Test
  void clientsThatStallDelayNobodyAndAreClosed() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      assertInstanceOf(Verdict.Accepted.class, ask("bob", "secret"));
      long before = cvm.descriptors();
      List<SocketChannel> stalled = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        SocketChannel channel = connect();
        channel.write(ByteBuffer.wrap(new byte[] {2}));
        stalled.add(channel);
      }
      long asked = System.nanoTime();
      assertInstanceOf(Verdict.Accepted.class, ask("bob", "secret"));
      assertTrue(System.nanoTime() - asked < 4_000_000_000L, "before any of those is closed");
      // None of them sends anything more, and each is closed without an answer.
      for (SocketChannel channel : stalled) {
        assertEquals(-1, channel.read(ByteBuffer.allocate(10)));
        channel.close();
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      // Each is closed after 5 s.  One after the other, all would take a thousand.
      assertTrue(millis > 4500 && millis < 30_000, "after 5 s: " + millis);
      assertEquals(before, cvm.descriptors());
    }
  }

  @Test
  void moreThanItHasPlacesForWaitAndAreAnswered() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket);
        var threads = Executors.newCachedThreadPool()) {
      List<Callable<Verdict>> questions = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        String password = i % 2 == 0 ? "secret" : "wrong";
        questions.add(() -> ask("bob", password));
      }
      List<Future<Verdict>> answers = threads.invokeAll(questions);
      for (int i = 0; i < answers.size(); i++) {
        if (i % 2 == 0) {
          assertInstanceOf(Verdict.Accepted.class, answers.get(i).get());
        } else {
          assertEquals(new Verdict.Refused(), answers.get(i).get());
        }
      }
      assertTrue(cvm.process().isAlive());
    }
  }

  @Test
  void thousandsOfQuestionsLeaveNothingBehind() throws Exception {
    try (CvmProcess cvm = CvmProcess.serve(users, socket)) {
      Files.writeString(users, "bob:" + Hashes.of("secret", "$1$abcdefgh") + ":1:1::/:\n");
      questions(3000);
      long descriptors = cvm.descriptors();
      int threads = cvm.threads().size();
      long resident = resident(cvm);
      questions(12_000);
      assertEquals(descriptors, cvm.descriptors());
      assertTrue(cvm.threads().size() <= threads + 1);
      // If the 131 KB of crypt_r leaked 12000 times, that would be 1.5 GB.  A leaked request would
      // show
      // too.
      assertTrue(resident(cvm) < resident + 8000, resident + " KB became " + resident(cvm));
    }
  }

  private static long resident(CvmProcess cvm) throws Exception {
    return Long.parseLong(cvm.status("VmRSS").replace(" kB", ""));
  }

  private void questions(int count) throws Exception {
    byte[] request = {2, 0, 1, 3, 'b', 'o', 'b', 3, 1, 'x', 0};
    for (int i = 0; i < count; i++) {
      try (SocketChannel channel = connect()) {
        assertEquals("640000", exchange(channel, request));
      }
    }
  }
}
