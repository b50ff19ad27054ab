package org.twoftpd.monitor.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.login.Account;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.tls.CertificateSet;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.monitor.tls.Signer;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsNames;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.log.ClientEvent;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.TlsMessage;
import org.twoftpd.shared.wire.TransferLine;

/** What a gate may say and ask about TLS, and what it is ended for. */
@Timeout(60)
class GateTlsTest {
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 40000, 0);
  private static final byte[] NONE = {};
  private static final byte[] WORDS = {'T', 'L', 'S'};
  private static final byte[] USER = {'a', 'n', 'n', 'a'};

  /** What was sent to the gate, with a copy of the descriptor or -1. */
  private record Sent(Message message, int fd) {}

  @TempDir Path directory;

  private final EventLoop loop;
  private final LinkedBlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Event> logged = new LinkedBlockingQueue<>();
  private final List<Connection> asked = new ArrayList<>();
  private GateTls tls;
  private GateDialogues dialogues;
  private TlsOffer offer;
  private long lastId;

  GateTlsTest() throws SystemCallException {
    Native.load();
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    Thread.ofPlatform().daemon().start(loop::run);
  }

  private final class Clients implements GateClients {
    @Override
    public void gateTakesClients(boolean takes) {}

    @Override
    public void passwordGiven(Connection connection, GateMessage.LoginRequest request) {
      asked.add(connection);
    }

    @Override
    public void anonymousWanted(Connection connection, boolean answersPassword) {
      asked.add(connection);
    }

    @Override
    public void gone(Connection connection) {
      tls.forget(connection);
    }

    @Override
    public void lost(Connection connection) {}
  }

  private void start(TlsMode mode, boolean dataProtected, TlsReuse reuse) throws Exception {
    Path file = directory.resolve("own.pem");
    OwnCertificate.make(file, List.of("localhost"), Instant.now());
    TlsSettings settings =
        new TlsSettings(
            mode,
            dataProtected,
            reuse,
            List.of(new TlsSettings.Files(file.toString(), file.toString())),
            TlsNames.PROTOCOLS,
            TlsNames.CIPHERS,
            true,
            Optional.empty(),
            ClientCertificates.OFF);
    List<String> faults = new ArrayList<>();
    offer = new TlsOffer(settings, CertificateSet.of(settings, 1, Instant.now(), faults), 3);
    assertEquals(List.of(), faults);
    UnauthenticatedLog log = new UnauthenticatedLog(loop, (_, event) -> logged.add(event));
    tls =
        new GateTls(
            loop,
            offer,
            new Signer(loop),
            log,
            (m, fd) -> sent.add(new Sent(m, fd < 0 ? -1 : Native.duplicate(fd, 0))));
    dialogues = new GateDialogues(new Clients(), log, m -> sent.add(new Sent(m, -1)));
  }

  private interface Asking {
    void ask() throws ProtocolViolation;
  }

  /** On the loop's thread; what it throws, or "". */
  private String say(Asking what) throws InterruptedException {
    LinkedBlockingQueue<String> thrown = new LinkedBlockingQueue<>();
    loop.post(() -> {
      try {
        what.ask();
        thrown.add("");
      } catch (ProtocolViolation e) {
        thrown.add(e.getMessage());
      }
    });
    return thrown.take();
  }

  private Connection greet() throws InterruptedException {
    int[] pair = new int[2];
    assertEquals(0, Native.socketpair(pair));
    Native.close(pair[1]);
    Connection c = new Connection(++lastId, pair[0], HERE, HERE, loop.closer());
    say(() -> {
      dialogues.add(c, new GateMessage.Options(NONE, 9, 9, AnonymousMode.ALSO, false, false));
      tls.offerTo(c);
    });
    return c;
  }

  private static byte[] handshake() {
    String form = " ".repeat(64) + "TLS 1.3, server CertificateVerify\0" + "h".repeat(48);
    return form.getBytes(StandardCharsets.US_ASCII);
  }

  private String sign(long connection, byte[] content) throws InterruptedException {
    return say(() ->
        tls.handleSignRequest(
            new TlsMessage.SignRequest(connection, 3, 0, SignatureScheme.ECDSA_SHA256, content),
            dialogues));
  }

  private String started(Connection c) throws InterruptedException {
    return say(
        () -> tls.handleStarted(new TlsMessage.TlsStarted(c.id(), WORDS, WORDS, NONE), dialogues));
  }

  private String protect(Connection c, boolean isPrivate) throws InterruptedException {
    return say(
        () -> tls.handleProtection(new TlsMessage.DataProtection(c.id(), isPrivate), dialogues));
  }

  private String login(Connection c) throws InterruptedException {
    return say(() ->
        dialogues.handleLoginRequest(new GateMessage.LoginRequest(c.id(), WORDS, WORDS, NONE)));
  }

  /** What the monitor makes of a login that is granted. */
  private static Login granted(Connection c) {
    Account account = new Account(USER, USER, 1, 1, new int[0], NONE, NONE);
    return new Login(c, account, Table.XFER, null, true, false, System.nanoTime());
  }

  private Sent next() throws InterruptedException {
    Sent s = sent.poll(20, TimeUnit.SECONDS);
    assertTrue(s != null, "the gate is told something");
    return s;
  }

  private TlsMessage.Signed signed() throws InterruptedException {
    return (TlsMessage.Signed) next().message();
  }

  @Test
  void theOfferIsWhatTheSettingsSay() throws Exception {
    start(TlsMode.REQUIRED, true, TlsReuse.ACCEPTED);
    say(tls::tellOffer);
    TlsMessage.TlsTerms t = (TlsMessage.TlsTerms) next().message();

    assertEquals(3, t.generation());
    assertEquals(TlsMode.REQUIRED, t.mode());
    assertEquals(TlsReuse.ACCEPTED, t.reuse());
    assertTrue(t.dataRequired());
    assertEquals("TLSv1.3 TLSv1.2", new String(t.protocols(), StandardCharsets.US_ASCII));
    assertEquals(1, t.chains().length);
    assertEquals(1, t.chains()[0].length);
    assertEquals(0, t.authorities().length);
  }

  @Test
  void eachConnectionHasOneSignature() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();

    assertEquals("", sign(c.id(), handshake()));
    assertTrue(signed().signature().length > 0);
    assertEquals("wants a second signature for one connection", sign(c.id(), handshake()));
    assertEquals("", sign(greet().id(), handshake()));
  }

  @Test
  void aConnectionThatTheGateHasNotIsAViolation() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();
    String unknown = "speaks of a connection that it does not have, or not in that state";

    assertEquals(unknown, sign(c.id() + 1, handshake()));
    assertEquals("", login(c));
    assertEquals(unknown, sign(c.id(), handshake()), "while a login is asked about");
    assertEquals(unknown, started(c));
    say(() -> c.moveTo(Connection.State.AT_GATE));
    say(() -> dialogues.grant(c));
    assertEquals(unknown, sign(c.id(), handshake()), "after a login without TLS");
    assertEquals(unknown, started(c));
    assertEquals(unknown, protect(c, true));
  }

  @Test
  void nothingButHandshakesIsSigned() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    String none = "wants a signature of what is no handshake";

    assertEquals(none, sign(greet().id(), new byte[32]));
    assertEquals(none, sign(greet().id(), WORDS));
  }

  @Test
  void withoutTlsThereIsNothingToSay() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    tls.use(TlsOffer.NONE);
    Connection c = greet();
    say(tls::tellOffer);

    assertEquals(TlsMode.OFF, ((TlsMessage.TlsTerms) next().message()).mode());
    assertEquals("wants a signature of a key that there is not", sign(c.id(), handshake()));
    assertEquals("begins TLS where there is none, or a second time", started(c));
    assertEquals(
        "fails with TLS where there is none, or a second time",
        say(() -> tls.handleFailed(new TlsMessage.TlsFailed(c.id(), WORDS), dialogues)));
    assertEquals("lets a client choose what it may not", protect(c, true));
    assertTrue(sent.isEmpty());
  }

  @Test
  void tlsBeginsOnceAndFailsOnce() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();
    Connection d = greet();
    String twice = "begins TLS where there is none, or a second time";

    assertEquals("", started(c));
    assertEquals(twice, started(c));
    TlsMessage.TlsFailed failed = new TlsMessage.TlsFailed(d.id(), WORDS);
    assertEquals("", say(() -> tls.handleFailed(failed, dialogues)));
    assertEquals(
        "fails with TLS where there is none, or a second time",
        say(() -> tls.handleFailed(failed, dialogues)));
    assertEquals(twice, started(d));
    assertTrue(logged.poll(5, TimeUnit.SECONDS) instanceof ClientEvent.TlsFailed);
    assertTrue(logged.isEmpty());
  }

  @Test
  void whereTlsIsRequiredNobodyLogsInWithout() throws Exception {
    start(TlsMode.REQUIRED, true, TlsReuse.REQUIRED);
    Connection c = greet();
    String violation = "has a client log in without TLS, which TLS=required forbids";

    assertEquals(violation, login(c));
    assertEquals(
        violation,
        say(() ->
            dialogues.handleAnonymousRequest(
                new GateMessage.AnonymousRequest(c.id(), false, NONE))));
    assertEquals(List.of(), asked);
    assertEquals("", started(c));
    assertEquals("", login(c));
    assertEquals(List.of(c), asked);
  }

  @Test
  void whatASessionIsToldOfTls() throws Exception {
    start(TlsMode.ON, false, TlsReuse.REQUIRED);
    Connection c = greet();
    assertEquals(0, c.tls().bits());
    assertEquals("lets a client choose what it may not", protect(c, true), "before TLS");
    started(c);
    int secure = TransferLine.SECURE | TransferLine.STRICT_EOF | TransferLine.RESUMES;
    assertEquals(secure, c.tls().bits());
    assertEquals("", protect(c, true));
    assertEquals(secure | TransferLine.PRIVATE, c.tls().bits());
    assertEquals("", protect(c, false));
    assertEquals(secure, c.tls().bits());

    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection d = greet();
    started(d);
    assertEquals(secure | TransferLine.DATA_REQUIRED, d.tls().bits());
    assertEquals("lets a client choose what it may not", protect(d, false));

    start(TlsMode.ON, false, TlsReuse.ACCEPTED);
    Connection e = greet();
    started(e);
    assertEquals(TransferLine.SECURE | TransferLine.STRICT_EOF, e.tls().bits());
  }

  @Test
  void theGateStandsBetweenAClientOverTlsAndItsSession() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();
    started(c);
    login(c);
    boolean[] done = new boolean[1];
    say(() -> done[0] = tls.prepareRelay(granted(c)));

    assertTrue(done[0]);
    assertTrue(tls.isRelaying());
    Sent control = next();
    Sent line = next();
    assertEquals(new TlsMessage.RelayControl(c.id()), control.message());
    assertEquals(new TlsMessage.RelayLine(c.id()), line.message());
    assertPair(control.fd(), c.fd());
    assertPair(line.fd(), c.line());
    say(() -> dialogues.grant(c));
    assertEquals(new GateMessage.LoginGranted(c.id()), next().message());
    say(c::release);
    assertEquals(-1, c.line());
    assertEquals(
        "wants a signature for a data connection, which TLS_REUSE forbids",
        sign(c.id(), handshake()));
    say(() -> tls.forget(c));
    assertFalse(tls.isRelaying());
  }

  private static void assertPair(int gates, int sessions) {
    byte[] b = {42};
    assertEquals(1, Native.write(gates, b, 0, 1));
    byte[] got = new byte[2];
    assertEquals(1, Native.read(sessions, got, 0, 2));
    assertEquals(42, got[0]);
    Native.close(gates);
  }

  @Test
  void theLogTellsOfDataConnectionsOfThoseAloneWhoAreRelayed() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();
    TlsMessage.DataHandshake m = new TlsMessage.DataHandshake(c.id(), false, WORDS);
    String violation = "speaks of data connections of a client that it does not relay";

    assertEquals(violation, say(() -> tls.handleDataHandshake(m)));
    started(c);
    login(c);
    say(() -> tls.prepareRelay(granted(c)));
    assertEquals("", say(() -> tls.handleDataHandshake(m)));
    Event told = logged.poll(20, TimeUnit.SECONDS);
    assertTrue(told instanceof SessionEvent.DataHandshake d && Arrays.equals(USER, d.user()));
    say(() -> tls.forget(c));
    assertEquals("", say(() -> tls.handleDataHandshake(m)), "it may have been on the way");
    assertTrue(logged.isEmpty());
  }

  @Test
  void aClientWithoutTlsIsNotRelayed() throws Exception {
    start(TlsMode.ON, true, TlsReuse.REQUIRED);
    Connection c = greet();
    login(c);
    int fd = c.fd();
    boolean[] done = new boolean[1];
    say(() -> done[0] = tls.prepareRelay(granted(c)));

    assertTrue(done[0]);
    assertFalse(tls.isRelaying());
    assertEquals(fd, c.fd());
    assertEquals(-1, c.line());
    assertTrue(sent.isEmpty());
  }

  @Test
  void dataConnectionsAreSignedForUntilTheSessionEnds() throws Exception {
    start(TlsMode.ON, true, TlsReuse.ACCEPTED);
    Connection c = greet();
    started(c);
    login(c);
    say(() -> tls.prepareRelay(granted(c)));
    next();
    next();
    for (int i = 0; i < 3; i++) {
      assertEquals("", sign(c.id(), handshake()));
      assertTrue(signed().signature().length > 0);
    }
    say(() -> tls.forget(c));
    assertEquals("", sign(c.id(), handshake()), "it may have been on the way");
    assertEquals(0, signed().signature().length);
    say(tls::loseAll);
    assertEquals(
        "speaks of a connection that it does not have, or not in that state",
        sign(c.id(), handshake()),
        "another gate never had it");
  }
}
