/*
 * A request is decoded as it was encoded, and arbitrary bytes are a request or a fault.
 */
package org.twoftpd.shared.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class CvmRequestTest {
  private static CvmRequest request(byte[] tag, byte[] account, byte[] password) {
    Map<Credential, byte[]> credentials = new EnumMap<>(Credential.class);
    credentials.put(Credential.PASSWORD, password);
    credentials.put(Credential.ACCOUNT, account);
    return new CvmRequest(tag, credentials);
  }

  @Test
  void isWrittenAsTheProtocolSays() {
    byte[] expected =
        new ReplyBytes().raw(2, 2, 0xAB, 0xCD).part(1, "bob").part(3, "se").raw(0).done();
    CvmRequest request =
        request(
            new byte[] {(byte) 0xAB, (byte) 0xCD}, ReplyBytes.ascii("bob"), ReplyBytes.ascii("se"));
    assertEquals(ReplyBytes.hex(expected), ReplyBytes.hex(request.encode()));
  }

  @Property
  void comesBackAsItWasSent(
      @ForAll @Size(max = 40) byte[] tag,
      @ForAll @Size(max = 200) byte[] account,
      @ForAll @Size(max = 200) byte[] password)
      throws CvmFault {
    byte[] bytes = request(tag, account, password).encode();
    CvmRequest read = CvmRequest.decode(bytes, bytes.length);
    assertArrayEquals(tag, read.tag());
    assertArrayEquals(account, read.credentials().get(Credential.ACCOUNT));
    assertArrayEquals(password, read.credentials().get(Credential.PASSWORD));
    assertEquals(2, read.credentials().size());
  }

  @Property
  void arbitraryBytesAreARequestOrAFault(@ForAll @Size(max = 600) byte[] bytes) {
    try {
      assertTrue(CvmRequest.decode(bytes, bytes.length).tag().length <= 255);
    } catch (CvmFault fault) {
      assertFalse(fault.getMessage().isEmpty());
    }
  }

  @Property
  void bytesBehindAGoodBeginningAreARequestOrAFault(@ForAll @Size(max = 600) byte[] tail) {
    arbitraryBytesAreARequestOrAFault(new ReplyBytes().raw(2, 1, 7).bytes(tail).done());
  }

  @Property
  void oneByteLessOrMoreIsAFault(@ForAll @Size(max = 100) byte[] account) {
    byte[] bytes = request(new byte[8], account, new byte[0]).encode();
    assertThrows(CvmFault.class, () -> CvmRequest.decode(bytes, bytes.length - 1));
    byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(CvmFault.class, () -> CvmRequest.decode(more, more.length));
  }

  @Test
  void aCredentialMayNotComeTwice() {
    byte[] bytes = new ReplyBytes().raw(2, 0).part(1, "a").part(1, "b").raw(0).done();
    assertThrows(CvmFault.class, () -> CvmRequest.decode(bytes, bytes.length));
  }

  @Test
  void credentialsWithoutAUseArePassedOver() throws CvmFault {
    byte[] bytes =
        new ReplyBytes().raw(2, 0).part(5, "x").part(200, "y").part(1, "a").raw(0).done();
    assertEquals(1, CvmRequest.decode(bytes, bytes.length).credentials().size());
  }

  @Test
  void fitsToTheLastByte() {
    // 2 + 0 + 2 + 255 + 2 + n + 1 = 512
    assertTrue(request(new byte[0], new byte[255], new byte[250]).fits());
    assertEquals(512, request(new byte[0], new byte[255], new byte[250]).encode().length);
    assertFalse(request(new byte[0], new byte[255], new byte[251]).fits());
    assertFalse(request(new byte[0], new byte[256], new byte[0]).fits());
    assertThrows(
        IllegalStateException.class,
        () -> request(new byte[0], new byte[256], new byte[0]).encode());
  }

  @Test
  void wipingLeavesNoPassword() throws CvmFault {
    byte[] bytes =
        request(new byte[8], ReplyBytes.ascii("bob"), ReplyBytes.ascii("secret")).encode();
    CvmRequest read = CvmRequest.decode(bytes, bytes.length);
    read.wipe();
    assertArrayEquals(new byte[6], read.credentials().get(Credential.PASSWORD));
  }
}
