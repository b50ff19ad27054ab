/*
 * Replies that are false in some way, for tests of each transport.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One reply: some bytes, the tag of the request or not, and more bytes.
 *
 * @param reason why the verdict is Unavailable, or null when the facts are accepted
 * @param byUdp the same for UDP, where a datagram that does not repeat the tag is ignored
 */
record FalseReply(
    String name, byte[] before, boolean tag, byte[] after, String reason, String byUdp) {
  private static final Duration TIMEOUT = Duration.ofMillis(1500);
  private static final int TAG = 8;

  /** The reason that is given when there was no answer in time. */
  static final String LATE = "no answer within 1500 ms";

  static FalseReply reply(String name, int error, ReplyBytes after, String verdict) {
    return new FalseReply(
        name, new ReplyBytes().raw(error, TAG).done(), true, after.done(), verdict, verdict);
  }

  static FalseReply untagged(String name, byte[] all, String verdict) {
    return new FalseReply(name, all, false, new byte[0], verdict, LATE);
  }

  private static ReplyBytes wire() {
    return new ReplyBytes();
  }

  /** A reply that is true, for comparison. */
  static FalseReply truth() {
    return reply("truth", 0, wire().account().raw(0), null);
  }

  static Stream<FalseReply> all() {
    byte[] garbage = new byte[200];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = (byte) (i * 37 + 11);
    }
    garbage[0] = 0;
    ReplyBytes wrongTag = wire().raw(0, TAG).bytes(new byte[TAG]).account().raw(0);
    ReplyBytes wrongRefusal = wire().raw(100, TAG).bytes(new byte[TAG]).raw(0);
    ReplyBytes noTag = wire().raw(0, 0).account().raw(0);
    return Stream.of(
        untagged("garbage", garbage, "reply to another request"),
        untagged("wrong tag", wrongTag.done(), "reply to another request"),
        untagged("refusal with a wrong tag", wrongRefusal.done(), "reply to another request"),
        untagged("no tag", noTag.done(), "reply to another request"),
        untagged("one byte", new byte[1], "reply cut short"),
        reply("no end", 0, wire().account(), "message without its end"),
        reply("cut short", 0, wire().account().raw(4, 200, 'x'), "message cut short"),
        reply("nothing behind the tag", 0, wire(), "message without its end"),
        reply(
            "trailing bytes",
            0,
            wire().account().raw(0, 1, 1),
            "bytes behind the end of the message"),
        reply(
            "trailing zero", 0, wire().account().raw(0, 0), "bytes behind the end of the message"),
        reply("no facts", 0, wire().raw(0), "fact USER is missing"),
        reply(
            "no directory",
            0,
            wire().part(1, "b").part(2, "1").part(3, "1").raw(0),
            "fact DIRECTORY is missing"),
        reply(
            "uid -1",
            0,
            wire().part(1, "b").part(2, "4294967295").part(3, "1").part(5, "/").raw(0),
            "fact UID is not a number from 0 to 4294967294"),
        reply(
            "uid that overflows to 0",
            0,
            wire().part(1, "b").part(2, "18446744073709551616").part(3, "1").part(5, "/").raw(0),
            "fact UID is not a number from 0 to 4294967294"),
        reply(
            "513 bytes",
            0,
            wire().account().part(4, "x".repeat(255)).part(6, "y".repeat(215)).raw(0),
            "reply longer than 512 bytes"),
        reply("2000 bytes", 0, wire().bytes(new byte[2000]), "reply longer than 512 bytes"),
        reply("error 1", 1, wire().raw(0), "error 1"),
        reply(
            "error 7 and an account",
            7,
            wire().account().raw(0),
            "error 7, a credential is missing"),
        reply("error 255", 255, wire().raw(0), "error 255"),
        reply(
            "broken refusal",
            100,
            wire().part(16, "no").raw(0),
            "fact OUT_OF_SCOPE is not a number from 0 to 4294967294"),
        reply(
            "512 bytes",
            0,
            wire().account().part(4, "x".repeat(255)).part(6, "y".repeat(214)).raw(0),
            null),
        reply("uid 0", 0, wire().part(1, "b").part(2, "0").part(3, "0").part(5, "x").raw(0), null));
  }

  /** The bytes of the answer to a request. */
  byte[] answer(byte[] request) {
    byte[] repeated = tag ? Arrays.copyOfRange(request, 2, 2 + TAG) : new byte[0];
    return new ReplyBytes().bytes(before).bytes(repeated).bytes(after).done();
  }

  /** A program that answers so, and exits with its error byte. */
  String script() {
    return "printf '"
        + ReplyBytes.octal(before)
        + "'\n"
        + (tag ? "head -c 10 | tail -c 8\n" : "")
        + "cat >/dev/null\nprintf '"
        + ReplyBytes.octal(after)
        + "'\nexit "
        + Byte.toUnsignedInt(before[0])
        + "\n";
  }

  /** Writes a program that is what the body says. */
  static Path program(Path directory, String body) throws Exception {
    Path script = Files.createTempFile(directory, "module", "");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static Verdict verdict(String spec) {
    long before = System.nanoTime();
    Verdict verdict =
        Chains.parse(spec, null, TAG, Map.of(), TIMEOUT)
            .verify(ReplyBytes.ascii("bob"), new byte[0], ReplyBytes.ascii("secret"));
    assertTrue(System.nanoTime() - before < TIMEOUT.toNanos() + 4_000_000_000L, "in time");
    return verdict;
  }

  static void expect(String reason, String spec) {
    Verdict verdict = verdict(spec);
    if (reason == null) {
      assertInstanceOf(Verdict.Accepted.class, verdict);
    } else {
      assertEquals(new Verdict.Unavailable(spec + ": " + reason), verdict);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
