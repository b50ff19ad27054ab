package org.twoftpd.session.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A hello as a test wants it (RFC 8446, 4.1.2): what no library would send, byte for byte. Without
 * changes it is one of TLS 1.2 that every server understands.
 */
public final class ClientHello {
  /** The version of TLS 1.2, as both the records and the hello have it. */
  public static final int TLS12 = 0x0303;

  private static final int HANDSHAKE = 22;
  private static final int HELLO = 1;
  private static final int RANDOM = 32;
  private static final int LARGEST_RECORD = 16_384;

  private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
  private int version = TLS12;
  private int[] suites = {0xc02b, 0xc02f, 0xc02c, 0xc030};
  private int[] compression = {0};

  /** One that names curves and signatures. */
  public ClientHello() {
    extension(10, 0, 4, 0, 23, 0, 29);
    extension(11, 1, 0);
    extension(13, 0, 8, 4, 3, 8, 4, 4, 1, 5, 3);
    extension(23);
  }

  /** Has the highest version be this one. */
  public ClientHello version(int v) {
    version = v;
    return this;
  }

  /** Offers these suites alone. */
  public ClientHello suites(int... all) {
    suites = all.clone();
    return this;
  }

  /** Offers these methods of compression. */
  public ClientHello compression(int... all) {
    compression = all.clone();
    return this;
  }

  /** Offers TLS 1.3 alone, with a key for x25519. */
  public ClientHello tls13() {
    suites(0x1301);
    extension(43, 2, 3, 4);
    int[] share = new int[38];
    Arrays.fill(share, 9);
    System.arraycopy(new int[] {0, 36, 0, 29, 0, 32}, 0, share, 0, 6);
    return extension(51, share);
  }

  /** Adds an extension with this content. */
  public ClientHello extension(int type, int... content) {
    put(extensions, type, 2);
    put(extensions, content.length, 2);
    for (int b : content) {
      extensions.write(b);
    }
    return this;
  }

  /** Adds the extension that means nothing (RFC 7685), of so many bytes. */
  public ClientHello padding(int bytes) {
    return extension(21, new int[bytes]);
  }

  private static void put(ByteArrayOutputStream to, int number, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      to.write(number >> 8 * i);
    }
  }

  /** The message, with its head. */
  public byte[] message() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    put(body, version, 2);
    for (int i = 0; i < RANDOM; i++) {
      body.write(i);
    }
    body.write(0);
    put(body, 2 * suites.length, 2);
    for (int s : suites) {
      put(body, s, 2);
    }
    body.write(compression.length);
    for (int c : compression) {
      body.write(c);
    }
    put(body, extensions.size(), 2);
    body.writeBytes(extensions.toByteArray());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(HELLO);
    put(all, body.size(), 3);
    all.writeBytes(body.toByteArray());
    return all.toByteArray();
  }

  /** The message in as few records as there can be. */
  public byte[] records() {
    return records(LARGEST_RECORD);
  }

  /** The message in records of so many bytes each. */
  public byte[] records(int size) {
    byte[] m = message();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = 0; from < m.length; from += size) {
      all.writeBytes(
          record(HANDSHAKE, Arrays.copyOfRange(m, from, Math.min(m.length, from + size))));
    }
    return all.toByteArray();
  }

  /** One record in clear. */
  public static byte[] record(int type, byte... content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(type);
    put(all, TLS12, 2);
    put(all, content.length, 2);
    all.writeBytes(content);
    return all.toByteArray();
  }
}
