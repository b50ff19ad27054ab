package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a server signs in a handshake, and what only looks like it. */
class HandshakeContentTest {
  private static final String WORDS = "TLS 1.3, server CertificateVerify";

  /** RFC 8446, 4.4.3. */
  static byte[] tls13(String words, int hash) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(" ".repeat(64).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(words.getBytes(StandardCharsets.US_ASCII));
    out.write(0);
    out.writeBytes(random(hash));
    return out.toByteArray();
  }

  static byte[] tls13() {
    return tls13(WORDS, 48);
  }

  /** RFC 8422, 5.4. */
  static byte[] tls12(int curveType, int curve, int point, int first) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(random(64));
    out.write(curveType);
    out.write(curve >> 8);
    out.write(curve);
    out.write(point);
    byte[] p = random(point);
    p[0] = (byte) first;
    out.writeBytes(p);
    return out.toByteArray();
  }

  private static byte[] random(int n) {
    byte[] b = new byte[n];
    new Random(n).nextBytes(b);
    return b;
  }

  private static boolean isOne(byte[] content) {
    return HandshakeContent.isTls12(content) || HandshakeContent.isTls13(content);
  }

  @Test
  void bothFormsAreKnown() {
    assertTrue(HandshakeContent.isTls13(tls13(WORDS, 32)));
    assertTrue(HandshakeContent.isTls13(tls13(WORDS, 48)));
    assertTrue(HandshakeContent.isTls12(tls12(3, 23, 65, 4)));
    assertTrue(HandshakeContent.isTls12(tls12(3, 24, 97, 4)));
    assertTrue(HandshakeContent.isTls12(tls12(3, 25, 133, 4)));
    assertTrue(HandshakeContent.isTls12(tls12(3, 29, 32, 200)));
    assertTrue(HandshakeContent.isTls12(tls12(3, 30, 56, 200)));
    assertFalse(HandshakeContent.isTls12(tls13()));
    assertFalse(HandshakeContent.isTls13(tls12(3, 29, 32, 200)));
  }

  @Test
  void aClientsOwnFormIsNone() {
    assertFalse(isOne(tls13("TLS 1.3, client CertificateVerify", 48)));
    assertFalse(isOne(tls13("TLS 1.3, server CertificateVerifY", 48)));
    assertFalse(isOne(tls13("TLS 1.3, delegated credentials", 48)));
  }

  @Test
  void lengthsAreExact() {
    for (int hash : new int[] {0, 1, 20, 31, 33, 47, 49, 64, 1000}) {
      assertFalse(isOne(tls13(WORDS, hash)), "hash of " + hash);
    }
    assertFalse(isOne(new byte[0]));
    assertFalse(isOne(Arrays.copyOf(tls12(3, 29, 32, 200), 99)));
    assertFalse(isOne(Arrays.copyOf(tls12(3, 29, 32, 200), 101)));
    assertFalse(isOne(Arrays.copyOf(tls12(3, 29, 32, 200), 64)));
    assertFalse(isOne(Arrays.copyOf(tls12(3, 29, 32, 200), 68)));
  }

  @Test
  void curvesAreOfTheJdkAndPointsAreWhole() {
    assertFalse(isOne(tls12(1, 23, 65, 4)), "a prime of the server's own");
    assertFalse(isOne(tls12(2, 23, 65, 4)), "a curve of the server's own");
    assertFalse(isOne(tls12(3, 22, 65, 4)), "secp256k1");
    assertFalse(isOne(tls12(3, 23, 64, 4)));
    assertFalse(isOne(tls12(3, 23, 65, 2)), "a compressed point");
    assertFalse(isOne(tls12(3, 0x0117, 65, 4)));
  }

  @Test
  void everyOtherByteMakesItAnother() {
    byte[] good = tls13(WORDS, 48);
    for (int i = 0; i < 64 + WORDS.length() + 1; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      assertFalse(isOne(bad), "byte " + i);
    }
  }

  /** What a key of a server's certificate could be asked for besides: an order to pay, a mail. */
  @Test
  void noTextIsTakenForAHandshake() {
    Random random = new Random(1);
    for (int n = 0; n <= HandshakeContent.LARGEST; n++) {
      byte[] text = new byte[n];
      for (int i = 0; i < n; i++) {
        text[i] = (byte) (' ' + random.nextInt(95));
      }
      assertFalse(isOne(text));
    }
  }
}
