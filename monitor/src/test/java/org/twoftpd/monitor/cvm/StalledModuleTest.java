/*
 * Row 29 of attacks.txt: modules that stall delay nobody else.  A hundred questions to a command and a hundred to a socket hang,
 * on virtual threads as in the monitor, and logins by another module go through meanwhile.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StalledModuleTest {
  private static final int EACH = 100;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static Verdict ask(CvmChain chain) {
    return chain.verify(ReplyBytes.ascii("bob"), new byte[0], ReplyBytes.ascii("secret"));
  }

  private static CvmChain chain(String spec, Map<String, String> environment) {
    return Chains.parse(spec, environment, TIMEOUT);
  }

  @Test
  void row29_otherLoginsPassPromptly() throws Exception {
    RealModules.require();
    Path users = directory.resolve("users");
    Files.writeString(users, "bob:secret:1001:1002::/home/bob:/bin/sh\n");
    Map<String, String> environment = Map.of("CVM_PWFILE_PATH", users.toString());
    Path command = Files.writeString(directory.resolve("stall"), "#!/bin/sh\nexec sleep 6789\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path silent = directory.resolve("silent");
    String good = "cvm-local:" + directory.resolve("good");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var _ = RealModules.serve(RealModules.PWFILE, good, environment);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      // Nobody accepts: a few questions are written and never answered, the others wait for room.
      server.bind(UnixDomainSocketAddress.of(silent), 30);
      CvmChain stalledCommand = chain(command.toString(), Map.of());
      CvmChain stalledLocal = chain("cvm-local:" + silent, Map.of());
      CvmChain goodCommand = chain(RealModules.PWFILE, environment);
      CvmChain goodLocal = chain(good, environment);
      List<Future<Verdict>> stalled = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        stalled.add(threads.submit(() -> ask(stalledCommand)));
        stalled.add(threads.submit(() -> ask(stalledLocal)));
      }
      awaitChildren();
      for (int i = 0; i < 10; i++) {
        assertInstanceOf(
            Verdict.Accepted.class, threads.submit(() -> ask(goodLocal)).get(5, TimeUnit.SECONDS));
        assertInstanceOf(
            Verdict.Accepted.class,
            threads.submit(() -> ask(goodCommand)).get(5, TimeUnit.SECONDS));
      }
      assertTrue(stalled.stream().noneMatch(Future::isDone), "they were all still waiting");
      for (Future<Verdict> each : stalled) {
        String reason =
            assertInstanceOf(Verdict.Unavailable.class, each.get(30, TimeUnit.SECONDS)).reason();
        assertTrue(reason.endsWith(": no answer within 20000 ms"), reason);
      }
      assertEquals(0, sleepers(), "every command was ended and reaped");
    }
  }

  /** Children that this test has begun: others may have left some behind. */
  private static long sleepers() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").endsWith("sleep 6789"))
        .count();
  }

  private static void awaitChildren() throws InterruptedException {
    for (int i = 0; i < 1500 && sleepers() < EACH; i++) {
      Thread.sleep(10);
    }
    assertEquals(EACH, sleepers(), "commands that stall");
  }
}
