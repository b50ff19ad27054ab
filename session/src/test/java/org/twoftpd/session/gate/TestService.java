package org.twoftpd.session.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SignatureException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.twoftpd.session.command.TestSession;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.tls.TestKeys;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;
import org.twoftpd.shared.wire.TlsMessage;
import org.twoftpd.shared.wire.TransferLine;

/**
 * The gate's dialogues and relay with sessions behind them, all in this process, and a monitor that
 * lets in everybody whose password is "right".
 */
final class TestService implements AutoCloseable {
  private static final int SOCK_STREAM = 1;
  private static final byte[] NONE = {};
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);

  private final Path home;
  private final TestKeys keys;
  private final Monitor monitor = new Monitor();
  private final Poller poller = Poller.start();
  private final Budgets budgets = new Budgets();
  private final GateTls tls = new GateTls(monitor);
  private final GateMessage.Options terms;
  private final ConcurrentHashMap<Long, Client> clients = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, TlsMessage.TlsStarted> started = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, Boolean> isPrivate = new ConcurrentHashMap<>();
  private final int listener;
  private final int port;
  private final boolean overTls;
  private int bits;
  private long connections;

  /** What the gate has told. */
  final List<Message> told = new CopyOnWriteArrayList<>();

  /**
   * @param overTls whether clients begin with TLS
   * @param bits of {@link TransferLine} that sessions over TLS get besides
   */
  TestService(Path home, TestKeys keys, int port, boolean overTls, int bits) throws IOException {
    this.home = home;
    this.keys = keys;
    this.overTls = overTls;
    this.bits = bits;
    this.terms = new GateMessage.Options(NONE, 30, 30, AnonymousMode.OFF, false, false);
    listener = SystemCallException.check(Native.socket(HERE.domain(), SOCK_STREAM, 0));
    Native.setsockopt(listener, 1, 2, 1);
    SystemCallException.check(Native.bind(listener, HERE.withPort(port).toSockaddr()));
    SystemCallException.check(Native.listen(listener, 10));
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    this.port = Endpoint.fromSockaddr(name, Native.getsockname(listener, name)).port();
    Thread.ofPlatform().daemon().name("acceptor").start(this::accept);
  }

  /** Has clients that come from now on offered that. */
  void offer(TlsMode mode, TlsReuse reuse, boolean dataRequired) throws Exception {
    tls.setOffer(keys.message(mode, reuse, dataRequired, "TLSv1.3 TLSv1.2"));
  }

  int port() {
    return port;
  }

  private void accept() {
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    while (true) {
      short[] events = {Readiness.READ};
      Native.poll(new int[] {listener}, events, 1, -1);
      int fd = Native.acceptFrom(listener, name);
      if (fd >= 0) {
        Endpoint peer = Endpoint.fromSockaddr(name, name.length);
        Native.setsockopt(fd, 6, 1, 1);
        Client client = new Client(++connections, fd, peer);
        Pace pace = new Pace(poller, budgets.findBudgets(peer, System.nanoTime()));
        clients.put(client.connection(), client);
        LoginDialogue d =
            new LoginDialogue(
                terms, monitor, client, pace, new ClientTls(tls, monitor, client, pace));
        Thread.ofVirtual().start(() -> talk(d));
      } else if (fd == -9) {
        return;
      }
    }
  }

  private void talk(LoginDialogue d) {
    try {
      d.run(true, overTls);
    } catch (RuntimeException e) {
      System.err.println("in the test service: " + e);
    }
  }

  boolean relaysNobody() {
    return tls.relay().isEmpty();
  }

  @Override
  public void close() {
    Native.close(listener);
  }

  private final class Monitor extends SilentChannel {
    @Override
    public void send(Message message) {
      told.add(message);
      switch (message) {
        case TlsMessage.SignRequest m -> Thread.ofPlatform().start(() -> sign(m));
        case TlsMessage.TlsStarted m -> started.put(m.connection(), m);
        case TlsMessage.DataProtection m -> isPrivate.put(m.connection(), m.isPrivate());
        case GateMessage.LoginRequest m -> decide(m);
        default -> {}
      }
    }

    private void sign(TlsMessage.SignRequest m) {
      try {
        byte[] s = keys.sign(m.connection(), m.generation(), m.chain(), m.scheme(), m.content());
        tls.desk().deliverSignature(new TlsMessage.Signed(m.connection(), s));
      } catch (SignatureException e) {
        tls.desk().deliverSignature(new TlsMessage.Signed(m.connection(), NONE));
      }
    }

    private void decide(GateMessage.LoginRequest m) {
      Client c = clients.get(m.connection());
      if (!new String(m.password(), StandardCharsets.US_ASCII).equals("right")) {
        c.passDecision(Refusal.AGAIN);
        return;
      }
      int[] control = {-1, Native.duplicate(c.fd(), 0)};
      int[] line = {-1, -1};
      int flags = 0;
      if (started.containsKey(m.connection())) {
        Native.close(control[1]);
        Native.dataPair(control);
        Native.dataPair(line);
        c.keepControl(control[0]);
        c.keepLine(line[0]);
        boolean p = isPrivate.getOrDefault(m.connection(), false);
        flags = bits | TransferLine.SECURE | (p ? TransferLine.PRIVATE : 0);
      }
      int tlsBits = flags;
      byte[] unread = m.unread().clone();
      Thread.ofPlatform()
          .daemon()
          .name("session")
          .start(
              () -> TestSession.serve(home, c.peer(), HERE, control[1], line[1], tlsBits, unread));
      c.passDecision(null);
    }
  }
}
