/*
 * Trusted with nothing that anybody else ever sees: a key that is made here and forgotten, for handshakes with itself.
 */
package org.twoftpd.session.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.TlsMessage;

/**
 * Handshakes of the gate with itself. They load what JSSE loads, which in the jail may not be
 * there, and what takes a tenth of a second the first time has then been done before a client waits
 * for it.
 */
public final class Warmth {
  /** A certificate whose key, and so its signature, is replaced: nobody looks at it. */
  private static final String CERTIFICATE =
      "MIIBgjCCASigAwIBAgIUcka96ObZjSWTzD+5kmVygyqgQYEwCgYIKoZIzj0EAwIwFzEVMBMGA1UE"
          + "AwwMd2FybS5pbnZhbGlkMCAXDTI2MTEyODE5MDA1MFoYDzIxMjYxMTA0MTkwMDUwWjAXMRUwEwYD"
          + "VQQDDAx3YXJtLmludmFsaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARx2uXMbHsxW+VIs4Tm"
          + "pT9xDmqJuepyPAU2fXlCQoAZEPRiOKJf8f0CBtAmu863FSxPKYBeRt9SaVsV/V4aLfUfo1AwTjAd"
          + "BgNVHQ4EFgQUDfedpp+PnxuGNIgziu0jLaOcFhAwHwYDVR0jBBgwFoAUDfedpp+PnxuGNIgziu0j"
          + "LaOcFhAwDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNIADBFAiAPUFq5v+aeoeqxGNX/hrqGePI3"
          + "1RGWzEnGMxYv0i36XQIhANsUU6FapCeDbweKoNL6NxEGDgJ8Mr+4Gs7UxZUT+mHF";

  private static final byte[] NONE = {};
  private static final int POINT = 64;
  private static final int COORDINATE = 32;
  private static final int SIZE = 3 * BufferPool.RECORD;

  /** Two full records. */
  private static final byte[] MUCH = new byte[32_768];

  /**
   * After so many the ciphers are compiled. More would have handshakes compiled a second time, by
   * the slower compiler: that takes seconds, and 10 MB for as long as the gate lives.
   */
  private static final int ROUNDS = 15;

  /** Pieces that each side sends in a round. */
  private static final int PIECES = 40;

  private static final BufferPool POOL = new BufferPool(2 * BufferPool.RECORD, 4);

  /** A gate can make no pair of sockets once it is confined. */
  private final int[] ends = new int[2];

  private final KeyPair key = makeKey();
  private final byte[] dropped = new byte[SIZE];

  /** To be made before the gate is confined. */
  public Warmth() throws SystemCallException {
    SystemCallException.check(Native.dataPair(ends));
  }

  /** Does one of each kind of handshake, and sends something through it. */
  public void spread() {
    round("TLSv1.2", 1);
    round("TLSv1.3", 1);
  }

  /**
   * Repeats what clients will do until it is compiled: the first GB would take three times as long
   * otherwise. It works for a third of the time and sleeps for two, so that clients who come
   * meanwhile find a processor. A lower priority would be worse for them: whenever memory is
   * collected, all threads wait for the one that gets no processor.
   */
  public void deepen() {
    deepen(ROUNDS);
  }

  void deepen(int rounds) {
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      round("TLSv1.3", PIECES);
      LockSupport.parkNanos(2 * (System.nanoTime() - begin));
    }
    Native.close(ends[0]);
    Native.close(ends[1]);
  }

  private static KeyPair makeKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS does not work", e);
    }
  }

  /** A client that comes and has one transfer. */
  private void round(String protocol, int pieces) {
    try {
      KeyHolder holder = (_, _, _, scheme, content) -> sign(key.getPrivate(), scheme, content);
      TlsTerms terms = terms(certificate((ECPublicKey) key.getPublic()), protocol);
      TlsClient server = new TlsClient(terms, holder, 0);
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(null, new TrustManager[] {new Anybody()}, null);
      talk(server, client, false, 1);
      talk(server, client, true, pieces);
    } catch (GeneralSecurityException | IOException | TlsFailed e) {
      throw new IllegalStateException("TLS does not work", e);
    }
  }

  private static byte[] sign(PrivateKey key, SignatureScheme scheme, byte[] content)
      throws SignatureException {
    try {
      Signature s = Signature.getInstance(scheme.algorithm());
      s.initSign(key);
      s.update(content);
      return s.sign();
    } catch (GeneralSecurityException e) {
      throw new SignatureException(e);
    }
  }

  private static byte[] certificate(ECPublicKey key) {
    byte[] der = Base64.getDecoder().decode(CERTIFICATE);
    int at = 0;
    while (der[at] != 3 || der[at + 1] != POINT + 2 || der[at + 2] != 0 || der[at + 3] != 4) {
      at++;
    }
    put(key.getW().getAffineX().toByteArray(), der, at + 4);
    put(key.getW().getAffineY().toByteArray(), der, at + 4 + COORDINATE);
    return der;
  }

  private static void put(byte[] number, byte[] to, int at) {
    for (int i = 0; i < COORDINATE; i++) {
      int from = number.length - COORDINATE + i;
      to[at + i] = from < 0 ? 0 : number[from];
    }
  }

  private static TlsTerms terms(byte[] certificate, String protocol) throws TlsFailed {
    return new TlsTerms(
        new TlsMessage.TlsTerms(
            0,
            TlsMode.ON,
            TlsReuse.ACCEPTED,
            false,
            ClientCertificates.OFF,
            protocol.getBytes(StandardCharsets.US_ASCII),
            NONE,
            new byte[][][] {{certificate}},
            new byte[0][]));
  }

  private void talk(TlsClient server, SSLContext context, boolean isData, int pieces)
      throws IOException, TlsFailed {
    TlsConnection s = isData ? server.data(ends[0], POOL, false) : server.control(ends[0], POOL);
    SSLEngine engine = context.createSSLEngine("warm.invalid", 1);
    engine.setUseClientMode(true);
    engine.beginHandshake();
    Other c = new Other(engine, ends[1]);
    int step = s.handshake();
    while (step != TlsConnection.DONE || c.isBusy()) {
      if (step == TlsConnection.TASK) {
        s.compute();
      }
      c.move();
      step = s.handshake();
    }
    for (int i = 0; i < pieces; i++) {
      // A control connection has lines, a data connection full records.
      ByteBuffer piece = ByteBuffer.wrap(MUCH, 0, isData ? MUCH.length : POINT);
      while (piece.hasRemaining()) {
        s.send(piece);
        boolean _ = s.flush();
        c.move();
      }
      c.say(piece.flip());
      while (s.receive() && s.available() > 0) {
        s.plain().wipe();
      }
    }
    s.finish();
    boolean _ = s.flush();
    s.release();
    // The next two who talk find nothing of what these have not read.
    for (int end : ends) {
      while (Native.readInto(end, dropped, 0, dropped.length) > 0) {}
    }
  }

  /** The other side. */
  private static final class Other {
    private final SSLEngine engine;
    private final int fd;
    private final ByteBuffer in = ByteBuffer.allocate(SIZE);
    private final ByteBuffer out = ByteBuffer.allocate(SIZE);
    private final ByteBuffer plain = ByteBuffer.allocate(SIZE);

    Other(SSLEngine engine, int fd) {
      this.engine = engine;
      this.fd = fd;
    }

    boolean isBusy() {
      return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Takes what has come and says what is to be said to it. */
    void move() throws IOException {
      int n = Native.readInto(fd, in.array(), in.position(), in.remaining());
      in.position(in.position() + Math.max(0, n));
      in.flip();
      boolean going = true;
      while (going) {
        switch (engine.getHandshakeStatus()) {
          case NEED_TASK -> engine.getDelegatedTask().run();
          case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
          default -> {
            plain.clear();
            int before = in.remaining();
            engine.unwrap(in, plain);
            going = in.remaining() < before;
          }
        }
      }
      in.compact();
      write();
    }

    void say(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        engine.wrap(bytes, out);
      }
      write();
    }

    private void write() throws IOException {
      SystemCallException.check(Native.writeOutOf(fd, out.array(), 0, out.position()));
      out.clear();
    }
  }

  /** Believes anybody, since it talks with itself. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
