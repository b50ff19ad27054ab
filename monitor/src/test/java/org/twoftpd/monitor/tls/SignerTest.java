package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsNames;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.ProtocolViolation;

/** A gate that asks for signatures: what it gets, what it must not ask, and who waits for whom. */
@Timeout(120)
class SignerTest {
  private static final int GENERATION = 7;
  private static final int EC = 0;
  private static final int RSA = 1;
  private static final int ED = 2;
  private static final int SLOW = 3;
  private static final SignatureScheme ECDSA = SignatureScheme.ECDSA_SHA256;
  private static final SignatureScheme PSS = SignatureScheme.RSA_PSS_RSAE_SHA256;
  private static final Endpoint ALICE = peer("192.0.2.1");
  private static final Endpoint BOB = peer("192.0.2.2");

  @TempDir static Path directory;
  private static CertificateSet certificates;

  private final EventLoop loop;
  private final Signer signer;
  private final LinkedBlockingQueue<String> order = new LinkedBlockingQueue<>();

  SignerTest() throws SystemCallException {
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    signer = new Signer(loop, 1);
    Thread.ofPlatform().daemon().start(loop::run);
  }

  @BeforeAll
  static void makeKeys() throws IOException, InterruptedException {
    Native.load();
    Openssl openssl = new Openssl(directory);
    openssl.ecKey("ec");
    openssl.key("rsa", "-algorithm", "RSA");
    openssl.key("ed", "-algorithm", "ED25519");
    openssl.key("slow", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096");
    List<TlsSettings.Files> files = new ArrayList<>();
    for (String name : List.of("ec", "rsa", "ed", "slow")) {
      openssl.selfSigned(name + ".crt", name);
      files.add(
          new TlsSettings.Files(
              directory.resolve(name + ".crt").toString(), directory.resolve(name).toString()));
    }
    List<String> faults = new ArrayList<>();
    certificates =
        CertificateSet.of(
            CertificateSetTest.settings(files, Optional.empty()), 1, Instant.now(), faults);
    assertEquals(List.of(), faults);
  }

  private static Endpoint peer(String address) {
    return new Endpoint(AddressText.parse(address), 40000, 0);
  }

  private static SigningRight right(TlsReuse reuse, List<String> protocols) {
    return new SigningRight(
        new TlsOffer(
            new TlsSettings(
                TlsMode.ON,
                true,
                reuse,
                List.of(),
                protocols,
                TlsNames.CIPHERS,
                true,
                Optional.empty(),
                ClientCertificates.OFF),
            certificates,
            GENERATION));
  }

  private static SigningRight right() {
    return right(TlsReuse.REQUIRED, TlsNames.PROTOCOLS);
  }

  /** What has come of a question. */
  private static final class Result implements Signer.Answer {
    private final CountDownLatch told = new CountDownLatch(1);
    private byte[] signature;
    private String reason;
    private final Runnable then;

    Result(Runnable then) {
      this.then = then;
    }

    @Override
    public void signed(byte[] s) {
      signature = s;
      end();
    }

    @Override
    public void refused(String why) {
      reason = why;
      end();
    }

    private void end() {
      assertEquals(1, told.getCount(), "answered once");
      then.run();
      told.countDown();
    }

    void await() throws InterruptedException {
      assertTrue(told.await(60, TimeUnit.SECONDS), "is answered");
    }
  }

  private interface Asking {
    void ask() throws ProtocolViolation;
  }

  /** On the loop's thread; what it throws. */
  private ProtocolViolation onLoop(Asking what) throws InterruptedException {
    LinkedBlockingQueue<Optional<ProtocolViolation>> thrown = new LinkedBlockingQueue<>();
    loop.post(() -> {
      try {
        what.ask();
        thrown.add(Optional.empty());
      } catch (ProtocolViolation e) {
        thrown.add(Optional.of(e));
      }
    });
    return thrown.take().orElse(null);
  }

  private Result ask(
      SigningRight right, Endpoint peer, int key, SignatureScheme scheme, byte[] content)
      throws InterruptedException {
    Result r = new Result(() -> order.add(peer.toString()));
    assertNull(onLoop(() -> signer.sign(right, peer, GENERATION, key, scheme, content, r)));
    return r;
  }

  private String violation(SigningRight right, int key, SignatureScheme scheme, byte[] content)
      throws InterruptedException {
    Result never =
        new Result(() -> {
          throw new AssertionError("a violation is answered");
        });
    ProtocolViolation v =
        onLoop(() -> signer.sign(right, ALICE, GENERATION, key, scheme, content, never));
    return v == null ? "none" : v.getMessage();
  }

  private static void assertSigns(Result r, int key, SignatureScheme scheme, byte[] content)
      throws GeneralSecurityException, InterruptedException {
    r.await();
    assertNull(r.reason);
    Signature s = Signature.getInstance(scheme.algorithm());
    if (scheme.saltBytes() > 0) {
      String hash = "SHA-" + 8 * scheme.saltBytes();
      s.setParameter(
          new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), scheme.saltBytes(), 1));
    }
    s.initVerify(certificates.key(key).chain().getFirst());
    s.update(content);
    assertTrue(s.verify(r.signature), scheme.toString());
  }

  @Test
  void everySchemeIsSigned() throws GeneralSecurityException, InterruptedException {
    for (SignatureScheme scheme : SignatureScheme.values()) {
      if (scheme == SignatureScheme.ED448) {
        continue;
      }
      int key =
          switch (scheme.keyAlgorithm()) {
            case "EC" -> EC;
            case "RSA" -> RSA;
            default -> ED;
          };
      byte[] old = HandshakeContentTest.tls12(3, 29, 32, 9);
      assertSigns(ask(right(), ALICE, key, scheme, old), key, scheme, old);
      if (scheme.isForTls13()) {
        byte[] content = HandshakeContentTest.tls13();
        assertSigns(ask(right(), ALICE, key, scheme, content), key, scheme, content);
      }
    }
  }

  @Test
  void aKeyOfTheOtherEdwardsCurveRefuses() throws InterruptedException {
    Result r = ask(right(), ALICE, ED, SignatureScheme.ED448, HandshakeContentTest.tls13());

    r.await();
    assertNull(r.signature);
    assertTrue(r.reason.startsWith("the key cannot sign: "), r.reason);
  }

  @Test
  void oneSignatureForAConnection() throws InterruptedException {
    byte[] content = HandshakeContentTest.tls13();
    SigningRight right = right();
    ask(right, ALICE, EC, ECDSA, content).await();

    String second = "wants a second signature for one connection";
    assertEquals(second, violation(right, EC, ECDSA, content));
    assertEquals(second, violation(right, RSA, PSS, HandshakeContentTest.tls12(3, 29, 32, 9)));
    right.loggedIn();
    assertEquals(
        "wants a signature for a data connection, which TLS_REUSE forbids",
        violation(right, EC, ECDSA, content));
  }

  @Test
  void whoLoggedInWithoutTlsGetsNone() throws InterruptedException {
    SigningRight right = right();
    right.loggedIn();

    assertEquals(
        "wants a signature for a data connection, which TLS_REUSE forbids",
        violation(right, EC, ECDSA, HandshakeContentTest.tls13()));
  }

  @Test
  void dataConnectionsGetMoreWhereTheyNeedNotResume()
      throws GeneralSecurityException, InterruptedException {
    for (TlsReuse reuse : List.of(TlsReuse.ACCEPTED, TlsReuse.OFF)) {
      byte[] content = HandshakeContentTest.tls13();
      SigningRight right = right(reuse, TlsNames.PROTOCOLS);
      ask(right, ALICE, EC, ECDSA, content).await();
      assertEquals(
          "wants a second signature for one connection", violation(right, EC, ECDSA, content));
      right.loggedIn();
      for (int i = 0; i < 10; i++) {
        assertSigns(ask(right, ALICE, EC, ECDSA, content), EC, ECDSA, content);
      }
    }
  }

  @Test
  void nothingButHandshakesOfTheProtocolsThatAreOn() throws InterruptedException {
    byte[] new13 = HandshakeContentTest.tls13();
    byte[] old12 = HandshakeContentTest.tls12(3, 29, 32, 9);
    String none = "wants a signature of what is no handshake";
    assertEquals(none, violation(right(), EC, ECDSA, new byte[0]));
    assertEquals(none, violation(right(), EC, ECDSA, new byte[32]));
    assertEquals(none, violation(right(), EC, ECDSA, new byte[HandshakeContent.LARGEST + 1]));
    assertEquals(
        none, violation(right(), RSA, SignatureScheme.RSA_PKCS1_SHA256, new13), "PKCS #1 in 1.3");
    assertEquals(none, violation(right(TlsReuse.REQUIRED, List.of("TLSv1.2")), EC, ECDSA, new13));
    assertEquals(none, violation(right(TlsReuse.REQUIRED, List.of("TLSv1.3")), EC, ECDSA, old12));
  }

  @Test
  void onlyKeysThatThereAreAndOnlyWhatTheyAreFor() throws InterruptedException {
    byte[] content = HandshakeContentTest.tls13();
    String none = "wants a signature of a key that there is not";
    assertEquals(none, violation(right(), 4, ECDSA, content));
    assertEquals(none, violation(right(), -1, ECDSA, content));
    assertEquals(
        none,
        onLoop(() ->
                signer.sign(
                    new SigningRight(
                        new TlsOffer(
                            CertificateSetTest.settings(List.of(), Optional.empty()),
                            CertificateSet.NONE,
                            GENERATION)),
                    ALICE,
                    GENERATION,
                    0,
                    ECDSA,
                    content,
                    new Result(() -> {})))
            .getMessage());
    String kind = "wants a signature of a kind that the key is not for";
    assertEquals(kind, violation(right(), EC, PSS, content));
    assertEquals(kind, violation(right(), RSA, ECDSA, content));
  }

  @Test
  void oneWhoWantsManyWaitsForOneWhoWantsOne() throws InterruptedException {
    List<Result> many = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      many.add(ask(right(), ALICE, SLOW, PSS, HandshakeContentTest.tls13()));
    }
    Result one = ask(right(), BOB, EC, ECDSA, HandshakeContentTest.tls13());

    one.await();
    List<String> before = new ArrayList<>(order);
    int bob = before.indexOf(BOB.toString());
    assertTrue(bob <= 3, "Bob comes after " + bob + " of Alice's");
    for (Result r : many) {
      r.await();
      assertNull(r.reason);
    }
  }

  @Test
  void theLoopWaitsForNoSignature() throws InterruptedException {
    List<Result> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.add(ask(right(), peer("192.0.2." + (10 + i)), SLOW, PSS, HandshakeContentTest.tls13()));
    }
    List<Long> turns = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      long begun = System.nanoTime();
      assertNull(onLoop(() -> {}));
      turns.add((System.nanoTime() - begun) / 1_000_000);
    }
    Collections.sort(turns);
    assertTrue(turns.get(7) < 20, "ms for a turn of the loop: " + turns);
    for (Result r : many) {
      r.await();
    }
  }

  @Test
  void oneSourceHasSoManyWaitingAndNoMore() throws InterruptedException {
    // The first is being signed, and while it is, nothing else begins.
    ask(right(), BOB, SLOW, PSS, HandshakeContentTest.tls13());
    List<Result> refused = new ArrayList<>();
    assertNull(
        onLoop(() -> {
          for (int i = 0; i < Signer.MOST_OF_ONE + 5; i++) {
            Result r = new Result(() -> {});
            signer.sign(right(), ALICE, GENERATION, EC, ECDSA, HandshakeContentTest.tls13(), r);
            if (r.reason != null) {
              refused.add(r);
            }
          }
        }));

    assertTrue(refused.size() >= 4 && refused.size() <= 5, refused.size() + " refused");
    assertEquals("too many handshakes wait for the key", refused.getFirst().reason);
  }

  @Test
  void whenAllIsFullWhoHasMostWaitingGivesWay() throws InterruptedException {
    List<Result> all = new ArrayList<>();
    Result[] last = new Result[1];
    assertNull(
        onLoop(() -> {
          for (int s = 0; s < 5; s++) {
            for (int i = 0; i < Signer.MOST_OF_ONE; i++) {
              Result r = new Result(() -> {});
              signer.sign(
                  right(),
                  peer("198.51.100." + s),
                  GENERATION,
                  EC,
                  ECDSA,
                  HandshakeContentTest.tls13(),
                  r);
              all.add(r);
            }
          }
          assertTrue(signer.waiting() <= Signer.MOST_WAITING, "bounded");
          last[0] = new Result(() -> {});
          signer.sign(right(), BOB, GENERATION, EC, ECDSA, HandshakeContentTest.tls13(), last[0]);
          assertNull(last[0].reason);
          assertTrue(signer.waiting() <= Signer.MOST_WAITING, "bounded");
        }));

    last[0].await();
    assertNull(last[0].reason);
    for (Result r : all) {
      r.await();
    }
  }

  @Test
  void whoHasGoneIsNotAnswered() throws InterruptedException {
    ask(right(), BOB, SLOW, PSS, HandshakeContentTest.tls13());
    SigningRight right = right();
    Result gone =
        new Result(() -> {
          throw new AssertionError("somebody who has gone is answered");
        });
    assertNull(
        onLoop(() ->
            signer.sign(right, ALICE, GENERATION, EC, ECDSA, HandshakeContentTest.tls13(), gone)));
    assertNull(onLoop(right::end));
    Result after = ask(right(), ALICE, EC, ECDSA, HandshakeContentTest.tls13());

    after.await();
    assertEquals(1, gone.told.getCount());
    int[] waiting = new int[1];
    assertNull(onLoop(() -> waiting[0] = signer.waiting()));
    assertArrayEquals(new int[] {0}, waiting);
  }

  /** Of one connection: its data handshakes may follow each other faster than they are signed. */
  @Test
  void answersForOneConnectionComeInOrder() throws InterruptedException {
    Signer wide = new Signer(loop, 4);
    SigningRight right = right(TlsReuse.OFF, TlsNames.PROTOCOLS);
    right.loggedIn();
    List<Integer> answered = Collections.synchronizedList(new ArrayList<>());
    List<Result> all = new ArrayList<>();
    byte[] content = HandshakeContentTest.tls13();
    assertNull(
        onLoop(() -> {
          for (int i = 0; i < SigningRight.MOST_LATER + 1; i++) {
            int number = i;
            Result r = new Result(() -> answered.add(number));
            boolean slow = i % 3 == 0;
            wide.sign(right, ALICE, GENERATION, slow ? SLOW : EC, slow ? PSS : ECDSA, content, r);
            all.add(r);
          }
        }));
    ProtocolViolation v =
        onLoop(() -> wide.sign(right, ALICE, GENERATION, EC, ECDSA, content, new Result(() -> {})));
    for (Result r : all) {
      r.await();
    }

    assertEquals("wants more signatures for one connection than it can use", v.getMessage());
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), answered);
  }

  @Test
  void anotherGenerationHasOtherKeys() throws InterruptedException {
    ProtocolViolation v =
        onLoop(() ->
            signer.sign(
                right(),
                ALICE,
                GENERATION - 1,
                EC,
                ECDSA,
                HandshakeContentTest.tls13(),
                new Result(() -> {})));

    assertEquals("wants a signature of a key that there is not", v.getMessage());
  }
}
