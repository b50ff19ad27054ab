/*
 * What lying modules say, for tests of each transport.
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
 * What a module answers: some bytes, the tag of the request or not, more bytes.
 *
 * @param reason why the verdict is Unavailable, or null when the facts are accepted
 * @param byUdp the same, where a datagram that does not repeat the tag is passed over
 */
record Lie(String name, byte[] before, boolean tag, byte[] after, String reason, String byUdp) {
  private static final Duration TIMEOUT = Duration.ofMillis(1500);
  private static final int TAG = 8;

  /** What is said when there was no answer in time. */
  static final String LATE = "no answer within 1500 ms";

  static Lie lie(String name, int error, Wire after, String verdict) {
    return new Lie(name, new Wire().raw(error, TAG).done(), true, after.done(), verdict, verdict);
  }

  static Lie untagged(String name, byte[] all, String verdict) {
    return new Lie(name, all, false, new byte[0], verdict, LATE);
  }

  private static Wire wire() {
    return new Wire();
  }

  /** No lie. */
  static Lie truth() {
    return lie("truth", 0, wire().account().raw(0), null);
  }

  static Stream<Lie> lies() {
    byte[] garbage = new byte[200];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = (byte) (i * 37 + 11);
    }
    garbage[0] = 0;
    Wire wrongTag = wire().raw(0, TAG).bytes(new byte[TAG]).account().raw(0);
    Wire wrongRefusal = wire().raw(100, TAG).bytes(new byte[TAG]).raw(0);
    Wire noTag = wire().raw(0, 0).account().raw(0);
    return Stream.of(
        untagged("garbage", garbage, "reply to another request"),
        untagged("wrong tag", wrongTag.done(), "reply to another request"),
        untagged("refusal with a wrong tag", wrongRefusal.done(), "reply to another request"),
        untagged("no tag", noTag.done(), "reply to another request"),
        untagged("one byte", new byte[1], "reply cut short"),
        lie("no end", 0, wire().account(), "message without its end"),
        lie("cut short", 0, wire().account().raw(4, 200, 'x'), "message cut short"),
        lie("nothing behind the tag", 0, wire(), "message without its end"),
        lie(
            "trailing bytes",
            0,
            wire().account().raw(0, 1, 1),
            "bytes behind the end of the message"),
        lie("trailing zero", 0, wire().account().raw(0, 0), "bytes behind the end of the message"),
        lie("no facts", 0, wire().raw(0), "fact USER is missing"),
        lie(
            "no directory",
            0,
            wire().part(1, "b").part(2, "1").part(3, "1").raw(0),
            "fact DIRECTORY is missing"),
        lie(
            "uid -1",
            0,
            wire().part(1, "b").part(2, "4294967295").part(3, "1").part(5, "/").raw(0),
            "fact UID is not a number from 0 to 4294967294"),
        lie(
            "uid that overflows to 0",
            0,
            wire().part(1, "b").part(2, "18446744073709551616").part(3, "1").part(5, "/").raw(0),
            "fact UID is not a number from 0 to 4294967294"),
        lie(
            "513 bytes",
            0,
            wire().account().part(4, "x".repeat(255)).part(6, "y".repeat(215)).raw(0),
            "reply longer than 512 bytes"),
        lie("2000 bytes", 0, wire().bytes(new byte[2000]), "reply longer than 512 bytes"),
        lie("error 1", 1, wire().raw(0), "error 1"),
        lie(
            "error 7 and an account",
            7,
            wire().account().raw(0),
            "error 7, a credential is missing"),
        lie("error 255", 255, wire().raw(0), "error 255"),
        lie(
            "broken refusal",
            100,
            wire().part(16, "no").raw(0),
            "fact OUT_OF_SCOPE is not a number from 0 to 4294967294"),
        lie(
            "512 bytes",
            0,
            wire().account().part(4, "x".repeat(255)).part(6, "y".repeat(214)).raw(0),
            null),
        lie("uid 0", 0, wire().part(1, "b").part(2, "0").part(3, "0").part(5, "x").raw(0), null));
  }

  /** The bytes of the answer to a request. */
  byte[] answer(byte[] request) {
    byte[] repeated = tag ? Arrays.copyOfRange(request, 2, 2 + TAG) : new byte[0];
    return new Wire().bytes(before).bytes(repeated).bytes(after).done();
  }

  /** A program that answers so, and exits with its error byte. */
  String script() {
    return "printf '"
        + Wire.octal(before)
        + "'\n"
        + (tag ? "head -c 10 | tail -c 8\n" : "")
        + "cat >/dev/null\nprintf '"
        + Wire.octal(after)
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
            .verify(Wire.ascii("bob"), new byte[0], Wire.ascii("secret"));
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
