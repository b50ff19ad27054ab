/*
 * What a client of TLS says first, as bytes that a test may cut up, spoil and send again.
 */
package org.twoftpd.test.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The hello of the JDK's TLS. */
public final class Hello {
  /** The first byte of a record that is part of a handshake. */
  public static final int HANDSHAKE = 22;

  /** The first byte of a record that tells of an error, or of the end. */
  public static final int ALERT = 21;

  /** How long the head of a record is. */
  public static final int HEAD = 5;

  private static final int ROOM = 40_000;
  private static final int LONGEST_NAME = 250;

  private Hello() {}

  /**
   * One record.
   *
   * @param protocol the only one that the client knows
   * @param names of what it wants to speak inside (ALPN)
   */
  public static byte[] of(String protocol, String... names)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine("localhost", 21);
    engine.setUseClientMode(true);
    SSLParameters p = engine.getSSLParameters();
    p.setProtocols(new String[] {protocol});
    p.setApplicationProtocols(names);
    engine.setSSLParameters(p);
    ByteBuffer out = ByteBuffer.allocate(ROOM);
    engine.beginHandshake();
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** One that is longer by so many times 250 bytes. */
  public static byte[] longer(String protocol, int times)
      throws IOException, GeneralSecurityException {
    String[] names = new String[times + 1];
    for (int i = 0; i < times; i++) {
      names[i] = (i + "x".repeat(LONGEST_NAME)).substring(0, LONGEST_NAME);
    }
    names[times] = "ftp";
    return of(protocol, names);
  }

  /** The same message in records of so many bytes each. */
  public static byte[] split(byte[] record, int size) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = HEAD; from < record.length; from += size) {
      int length = Math.min(size, record.length - from);
      all.write(record, 0, HEAD - 2);
      all.write(length >> 8);
      all.write(length);
      all.write(record, from, length);
    }
    return all.toByteArray();
  }
}
