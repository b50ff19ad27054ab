/*
 * Row 29 of attacks.txt, by cvm-command: whatever a module answers is a verdict of "not available" in time, or the
 * facts as they were told; never an exception, a hang or an account out of a broken reply.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LyingCommandTest {
  @TempDir Path directory;

  private Path script(String body) throws Exception {
    return FalseReply.program(directory, body);
  }

  @ParameterizedTest
  @MethodSource("org.twoftpd.monitor.cvm.FalseReply#all")
  void row29_aFalseReplyIsFoundOut(FalseReply falseReply) throws Exception {
    FalseReply.expect(falseReply.reason(), "cvm-command:" + script(falseReply.script()));
  }

  private static final String ACCOUNT =
      "printf '\\000\\010'; head -c 10 | tail -c 8; cat >/dev/null; printf '"
          + ReplyBytes.octal(new ReplyBytes().account().raw(0).done())
          + "'\n";

  @Test
  void aCommandsStatusCountsAndNotItsErrorByte() throws Exception {
    assertInstanceOf(Verdict.Accepted.class, FalseReply.verdict(script(ACCOUNT).toString()));
    assertEquals(
        new Verdict.Refused(), FalseReply.verdict(script(ACCOUNT + "exit 100").toString()));
    FalseReply.expect("error 4, input or output", "cvm-command:" + script(ACCOUNT + "exit 4"));
    // 128 and the number of the signal
    FalseReply.expect("error 137", "cvm-command:" + script(ACCOUNT + "kill -9 $$"));
  }

  @Test
  void aCommandThatSaysNothingIsUnavailable() throws Exception {
    FalseReply.expect(
        "ended with status 0 without an answer", "cvm-command:" + script("cat >/dev/null"));
    FalseReply.expect(
        "ended with status 100 without an answer",
        "cvm-command:" + script("cat >/dev/null; exit 100"));
  }

  @Test
  void aCommandThatClosesAtOnceIsUnavailable() throws Exception {
    String spec = "cvm-command:" + script("exit 0");
    Verdict.Unavailable verdict =
        assertInstanceOf(Verdict.Unavailable.class, FalseReply.verdict(spec));
    assertTrue(verdict.reason().startsWith(spec + ": ended with status 0 "), verdict.reason());
  }

  @Test
  void aCommandThatWritesWithoutEndIsKilled() throws Exception {
    FalseReply.expect(FalseReply.LATE, "cvm-command:" + script("exec cat /dev/zero"));
    assertEquals(0, ProcessHandle.current().descendants().count());
  }

  @Test
  void aCommandThatStallsIsKilledWithItsChildren() throws Exception {
    FalseReply.expect(FalseReply.LATE, "cvm-command:" + script("sleep 600; exit 0"));
    assertEquals(0, ProcessHandle.current().descendants().count());
  }

  @Test
  void aChildThatHoldsThePipeDelaysNothing() throws Exception {
    Path pid = directory.resolve("pid");
    Path script = script(ACCOUNT + "sleep 60 & echo $! >" + pid);
    assertInstanceOf(Verdict.Accepted.class, FalseReply.verdict(script.toString()));
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void aCommandsEnvironmentIsBuiltFromNothing() throws Exception {
    Path seen = directory.resolve("environment");
    Path script = script("cat /proc/$$/environ >" + seen + "; ls -l /proc/$$/fd >" + seen + ".fd");
    Map<String, String> settings = Map.of("CVM_PWFILE_PATH", "/x y");
    var _ =
        Chains.parse(script.toString(), settings, Duration.ofSeconds(30))
            .verify(new byte[1], new byte[0], new byte[1]);
    String[] entries = Files.readString(seen).split("\0");
    Arrays.sort(entries);
    assertEquals(
        "CVM_ACCOUNT_SPLIT_CHARS=@|CVM_PWFILE_PATH=/x y|PATH=/usr/bin:/bin|SERVICE=ftp",
        String.join("|", entries));
    // The line of the total; 0, 1, 2; and the shell's own: 10, the script, and 11, its saved 1.
    assertEquals(6, Files.readAllLines(Path.of(seen + ".fd")).size());
  }

  @Test
  void whatCannotBeStartedIsUnavailable() throws Exception {
    Path script = script("exit 0");
    Files.writeString(script, "#!/no/such/interpreter\n");
    Verdict.Unavailable verdict =
        assertInstanceOf(Verdict.Unavailable.class, FalseReply.verdict(script.toString()));
    assertTrue(verdict.reason().contains("cannot be started"), verdict.reason());
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    LyingLocalTest.interrupted(script("exec sleep 600").toString());
    assertEquals(0, ProcessHandle.current().descendants().count());
  }
}
