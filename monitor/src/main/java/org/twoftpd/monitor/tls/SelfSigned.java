/*
 * Trusted to make a private key, and to give it to the caller alone.
 */
package org.twoftpd.monitor.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.twoftpd.shared.os.AddressText;

/**
 * Makes a key on the curve P-256 and a certificate (RFC 5280) that it signs itself, so that there
 * is TLS before anybody has asked for a better certificate.
 */
final class SelfSigned {
  /** By which it is known as one of ours, that may be replaced. */
  private static final String ORGANIZATION = "made by twoftpd, signed by itself";

  private static final int DAYS = 3650;
  private static final int LONGEST_NAME = 64;
  private static final int SERIAL_BITS = 127;
  private static final int UTC_TIME = 0x17;
  private static final int FIRST_YEAR_WITH_FOUR_DIGITS = 2050;
  private static final byte[] TRUE = Der.value(Der.BOOLEAN, new byte[] {(byte) 0xff});
  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));

  private SelfSigned() {}

  /** Whether it was made here. */
  static boolean isOurs(X509Certificate c) {
    return c.getSubjectX500Principal().equals(c.getIssuerX500Principal())
        && Certificates.name(c).contains(ORGANIZATION.replace(",", "\\,"));
  }

  /**
   * A private key and a certificate as PEM.
   *
   * @param names of the host, or its addresses; at least one
   * @param now the certificate is good from a day before, since clocks differ, and for ten years
   */
  static byte[] make(List<String> names, Instant now) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] toSign = toSign(names, now, pair.getPublic().getEncoded());
    Signature s = Signature.getInstance("SHA256withECDSA");
    s.initSign(pair.getPrivate());
    s.update(toSign);
    byte[] certificate = Der.sequence(toSign, ECDSA_WITH_SHA256, Der.bits(s.sign()));
    byte[] key = pair.getPrivate().getEncoded();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, "PRIVATE KEY", key);
    write(out, "CERTIFICATE", certificate);
    Arrays.fill(key, (byte) 0);
    return out.toByteArray();
  }

  /** RFC 5280, 4.1: the TBSCertificate of version 3. */
  private static byte[] toSign(List<String> names, Instant now, byte[] publicKey) {
    String first = names.getFirst();
    byte[] subject =
        Der.sequence(
            attribute(10, ORGANIZATION),
            attribute(3, first.substring(0, Math.min(LONGEST_NAME, first.length()))));
    return Der.sequence(
        Der.value(Der.FIRST_OPTION, Der.integer(BigInteger.TWO)),
        Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0)),
        ECDSA_WITH_SHA256,
        subject,
        Der.sequence(time(now.minus(1, ChronoUnit.DAYS)), time(now.plus(DAYS, ChronoUnit.DAYS))),
        subject,
        publicKey,
        Der.value(
            Der.FIRST_OPTION + 3,
            Der.sequence(
                // basicConstraints: it signs no others.
                extension(19, TRUE, Der.sequence()),
                // keyUsage: digitalSignature.
                extension(15, TRUE, Der.value(Der.BIT_STRING, new byte[] {7, (byte) 0x80})),
                // extendedKeyUsage: serverAuth.
                extension(37, new byte[0], Der.sequence(Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1))),
                extension(17, new byte[0], alternativeNames(names)))));
  }

  private static byte[] attribute(int number, String value) {
    return Der.value(Der.SET, Der.sequence(Der.oid(2, 5, 4, number), Der.utf8(value)));
  }

  private static byte[] extension(int number, byte[] critical, byte[] value) {
    return Der.sequence(Der.oid(2, 5, 29, number), critical, Der.value(Der.OCTET_STRING, value));
  }

  /** RFC 5280, 4.2.1.6: dNSName is tagged 2, iPAddress 7. */
  private static byte[] alternativeNames(List<String> names) {
    byte[][] all = new byte[names.size()][];
    for (int i = 0; i < all.length; i++) {
      byte[] address = AddressText.parse(names.get(i));
      all[i] =
          address == null
              ? Der.value(0x82, names.get(i).getBytes(StandardCharsets.US_ASCII))
              : Der.value(0x87, address);
    }
    return Der.sequence(all);
  }

  /** RFC 5280, 4.1.2.5: of a year before 2050 the last two digits alone. */
  private static byte[] time(Instant when) {
    boolean early = when.atOffset(ZoneOffset.UTC).getYear() < FIRST_YEAR_WITH_FOUR_DIGITS;
    String text =
        DateTimeFormatter.ofPattern(early ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(when);
    return Der.value(
        early ? UTC_TIME : Der.GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(ByteArrayOutputStream out, String label, byte[] der) {
    byte[] text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
    out.writeBytes(("-----BEGIN " + label + "-----\n").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(text);
    out.writeBytes(("\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(text, (byte) 0);
  }
}
