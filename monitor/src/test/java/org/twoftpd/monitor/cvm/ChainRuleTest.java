/*
 * Where a chain of modules stops; and that no question leaves anything behind.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChainRuleTest {
  @TempDir Path directory;

  private Path script(String body) throws Exception {
    return FalseReply.program(directory, body);
  }

  @Test
  void whatFitsNoRequestIsRefusedWithoutAsking() throws Exception {
    CvmChain chain = Chains.parse(script("exit 1").toString());
    assertEquals(new Verdict.Refused(), chain.verify(new byte[256], new byte[0], new byte[] {'p'}));
    assertEquals(new Verdict.Refused(), chain.verify(new byte[] {'b'}, new byte[0], new byte[256]));
    assertEquals(new Verdict.Refused(), chain.verify(new byte[255], new byte[0], new byte[250]));
  }

  private String module(int error, ReplyBytes answer) throws Exception {
    return script(FalseReply.reply("module", error, answer, null).script()).toString();
  }

  @Test
  void theChainStopsWhereItMust() throws Exception {
    String outOfScope = module(100, new ReplyBytes().part(16, "1").raw(0));
    String inScope = module(100, new ReplyBytes().part(16, "0").raw(0));
    String temporary = module(4, new ReplyBytes().raw(0));
    String success = module(0, new ReplyBytes().account().raw(0));
    assertInstanceOf(Verdict.Accepted.class, FalseReply.verdict(outOfScope + "," + success));
    assertEquals(new Verdict.Refused(), FalseReply.verdict(outOfScope + "," + outOfScope));
    assertEquals(new Verdict.Refused(), FalseReply.verdict(inScope + "," + success));
    assertInstanceOf(Verdict.Unavailable.class, FalseReply.verdict(temporary + "," + success));
    assertInstanceOf(Verdict.Accepted.class, FalseReply.verdict(success + "," + temporary));
    assertInstanceOf(
        Verdict.Unavailable.class,
        FalseReply.verdict(outOfScope + "," + temporary + "," + success));
  }

  @Test
  void noDescriptorIsLeftOpen() throws Exception {
    String success = script(FalseReply.truth().script()).toString();
    String stalled = script("exec sleep 600").toString();
    String none = "cvm-local:" + directory.resolve("none");
    assertInstanceOf(Verdict.Accepted.class, FalseReply.verdict(success));
    long before = descriptors();
    for (int i = 0; i < 30; i++) {
      var _ = FalseReply.verdict(success);
      var _ = FalseReply.verdict(none);
      var _ = FalseReply.verdict("cvm-udp:127.0.0.1:9");
    }
    var _ = FalseReply.verdict(stalled);
    assertTrue(descriptors() <= before + 3, before + " descriptors became " + descriptors());
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }
}
