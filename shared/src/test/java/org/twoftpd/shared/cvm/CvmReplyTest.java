/*
 * A reply is decoded as it was encoded, each fault has a message of its own, and arbitrary bytes are a reply or a fault.
 */
package org.twoftpd.shared.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CvmReplyTest {
  private static final byte[] TAG = {1, 2, 3};

  private static ReplyBytes answer(int error) {
    return new ReplyBytes().raw(error, 3, 1, 2, 3);
  }

  private static String fault(ReplyBytes reply) {
    byte[] bytes = reply.done();
    return assertThrows(CvmFault.class, () -> CvmReply.decode(bytes, TAG)).getMessage();
  }

  @Provide
  Arbitrary<CvmFacts> facts() {
    Arbitrary<byte[]> name =
        Arbitraries.bytes().filter(b -> b != 0).array(byte[].class).ofMaxSize(40);
    Arbitrary<byte[]> user = name.filter(b -> b.length > 0);
    Arbitrary<Long> id = Arbitraries.longs().between(0, CvmFacts.ID_MAX);
    Arbitrary<long[]> groups = id.array(long[].class).ofMaxSize(15);
    return Combinators.combine(user, id, id, name, name, name, name, groups).as(CvmFacts::new);
  }

  @Property
  void aSuccessComesBackAsItWasSent(
      @ForAll("facts") CvmFacts facts, @ForAll @Size(max = 30) byte[] tag) throws CvmFault {
    CvmReply read = CvmReply.decode(new CvmReply.Success(facts).encode(tag), tag);
    CvmFacts got = assertInstanceOf(CvmReply.Success.class, read).facts();
    assertArrayEquals(facts.user(), got.user());
    assertEquals(facts.uid(), got.uid());
    assertEquals(facts.gid(), got.gid());
    assertArrayEquals(facts.realName(), got.realName());
    assertArrayEquals(facts.directory(), got.directory());
    assertArrayEquals(facts.shell(), got.shell());
    assertArrayEquals(facts.groupName(), got.groupName());
    assertArrayEquals(facts.supplementary(), got.supplementary());
  }

  @Property(tries = 260)
  void aFailureComesBackAsItWasSent(@ForAll byte error, @ForAll boolean outOfScope)
      throws CvmFault {
    int number = Byte.toUnsignedInt(error);
    CvmReply sent =
        number == 0 || number == 100
            ? new CvmReply.PermanentFailure(outOfScope)
            : new CvmReply.TemporaryFailure(number);
    assertEquals(sent, CvmReply.decode(sent.encode(TAG), TAG));
  }

  @Property
  void arbitraryBytesAreAReplyOrAFault(@ForAll @Size(max = 600) byte[] bytes) {
    decodes(bytes);
  }

  @Property
  void bytesBehindAGoodBeginningAreAReplyOrAFault(
      @ForAll boolean right, @ForAll @Size(max = 600) byte[] tail) {
    decodes(answer(right ? 0 : 100).bytes(tail).done());
  }

  @Property
  void aReplyWithOneByteChangedIsAReplyOrAFault(
      @ForAll("facts") CvmFacts facts, @ForAll int place, @ForAll byte value) {
    byte[] bytes = new CvmReply.Success(facts).encode(TAG);
    bytes[Math.floorMod(place, bytes.length)] = value;
    decodes(bytes);
  }

  private static void decodes(byte[] bytes) {
    try {
      if (CvmReply.decode(bytes, TAG) instanceof CvmReply.Success(CvmFacts facts)) {
        assertTrue(facts.uid() >= 0 && facts.uid() <= CvmFacts.ID_MAX);
        assertTrue(facts.user().length > 0);
      }
    } catch (CvmFault fault) {
      assertTrue(fault.getMessage().length() > 5);
    }
  }

  @Property
  void everyPrefixOfASuccessIsAFault(@ForAll("facts") CvmFacts facts) {
    byte[] bytes = new CvmReply.Success(facts).encode(TAG);
    for (int i = 0; i < bytes.length; i++) {
      byte[] prefix = java.util.Arrays.copyOf(bytes, i);
      assertThrows(CvmFault.class, () -> CvmReply.decode(prefix, TAG));
    }
  }

  @Test
  void whatDebiansModulesSendIsUnderstood() throws CvmFault {
    // cvm-unix, cvm-pwfile and cvm-qmail of cvm 0.97-3 send these.
    ReplyBytes unix = answer(0).part(8, "100").part(8, "29").part(1, "bob").part(2, "64990");
    unix.part(3, "100").part(4, "T T").part(5, "/home/bob").part(6, "/bin/sh").part(7, "users");
    CvmFacts facts =
        assertInstanceOf(CvmReply.Success.class, CvmReply.decode(unix.raw(0).done(), TAG)).facts();
    assertArrayEquals(new long[] {100, 29}, facts.supplementary());
    assertEquals("users", ReplyBytes.text(facts.groupName()));
    assertEquals(
        new CvmReply.PermanentFailure(false), CvmReply.decode(answer(100).raw(0).done(), TAG));
    assertEquals(
        new CvmReply.PermanentFailure(true),
        CvmReply.decode(answer(100).part(16, "1").raw(0).done(), TAG));
    assertEquals(
        new CvmReply.PermanentFailure(false),
        CvmReply.decode(answer(100).part(16, "0").raw(0).done(), TAG));
  }

  @Test
  void whatFollowsATemporaryErrorIsIgnored() throws CvmFault {
    assertEquals(
        new CvmReply.TemporaryFailure(7), CvmReply.decode(answer(7).raw(9, 9, 9).done(), TAG));
  }

  @Test
  void theTagIsCheckedBeforeAnythingIsBelieved() {
    for (int error : new int[] {0, 7, 100}) {
      assertEquals("reply to another request", fault(new ReplyBytes().raw(error, 3, 1, 2, 4, 0)));
      assertEquals("reply to another request", fault(new ReplyBytes().raw(error, 2, 1, 2, 0)));
      assertEquals("reply to another request", fault(new ReplyBytes().raw(error, 200, 1, 2, 3, 0)));
    }
  }

  @Test
  void theLengthIsCheckedFirst() {
    assertEquals("reply longer than 512 bytes", fault(new ReplyBytes().bytes(new byte[513])));
    assertEquals("reply cut short", fault(new ReplyBytes()));
  }

  @Test
  void theEndIsWhereItMustBe() {
    assertEquals("message without its end", fault(answer(0).account()));
    assertEquals("bytes behind the end of the message", fault(answer(0).account().raw(0, 0)));
    assertEquals("bytes behind the end of the message", fault(answer(100).raw(0).account().raw(0)));
    assertEquals("message cut short", fault(answer(0).account().raw(6)));
    assertEquals("message cut short", fault(answer(0).account().raw(6, 3, 'a', 'b')));
  }

  @Test
  void requiredFactsAreRequired() {
    assertEquals(
        "fact USER is missing", fault(answer(0).part(2, "1").part(3, "1").part(5, "/").raw(0)));
    assertEquals(
        "fact UID is missing", fault(answer(0).part(1, "b").part(3, "1").part(5, "/").raw(0)));
    assertEquals(
        "fact GID is missing", fault(answer(0).part(1, "b").part(2, "1").part(5, "/").raw(0)));
    assertEquals(
        "fact DIRECTORY is missing",
        fault(answer(0).part(1, "b").part(2, "1").part(3, "1").raw(0)));
    assertEquals(
        "fact USER is empty",
        fault(answer(0).part(1, "").part(2, "1").part(3, "1").part(5, "/").raw(0)));
  }

  @Test
  void factsComeOnceButForGroups() {
    assertEquals("fact UID twice", fault(answer(0).account().part(2, "1001").raw(0)));
    assertEquals("fact SHELL twice", fault(answer(0).account().part(6, "").part(6, "").raw(0)));
  }

  @Test
  void namesHoldNoNul() {
    assertEquals(
        "fact DIRECTORY with a NUL in it",
        fault(answer(0).part(1, "b").part(2, "1").part(3, "1").part(5, "/a\0b").raw(0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        " 1",
        "1 ",
        "0x10",
        "01",
        "00",
        "1.0",
        "abc",
        "1\0",
        "4294967295",
        "4294967296",
        "9999999999",
        "10000000000",
        "18446744073709551617"
      })
  void whatIsNoIdIsAFault(String number) {
    ReplyBytes reply = answer(0).part(1, "b").part(2, number).part(3, "1").part(5, "/").raw(0);
    assertEquals("fact UID is not a number from 0 to 4294967294", fault(reply));
    assertEquals(
        "fact SUPPLEMENTARY_GID is not a number from 0 to 4294967294",
        fault(answer(0).account().part(8, number).raw(0)));
    assertEquals(
        "fact OUT_OF_SCOPE is not a number from 0 to 4294967294",
        fault(answer(100).part(16, number).raw(0)));
  }

  @Test
  void theLargestIdIsAnId() throws CvmFault {
    ReplyBytes reply =
        answer(0).part(1, "b").part(2, "4294967294").part(3, "0").part(5, "").part(77, "?");
    CvmFacts facts =
        assertInstanceOf(CvmReply.Success.class, CvmReply.decode(reply.raw(0).done(), TAG)).facts();
    assertEquals(4294967294L, facts.uid());
    assertEquals(0, facts.gid());
    assertEquals(0, facts.directory().length);
    assertEquals(0, facts.shell().length);
  }

  @Test
  void factsThatDoNotFitBecomeAnError() throws CvmFault {
    byte[] no = {};
    byte[] name = ReplyBytes.ascii("b");
    CvmFacts tooMany = new CvmFacts(name, 1, 1, no, name, no, no, new long[200]);
    CvmFacts tooLong = new CvmFacts(name, 1, 1, no, new byte[256], no, no, new long[0]);
    for (CvmFacts facts : new CvmFacts[] {tooMany, tooLong}) {
      assertEquals(
          new CvmReply.TemporaryFailure(3),
          CvmReply.decode(new CvmReply.Success(facts).encode(TAG), TAG));
    }
  }
}
