/*
 * Trusted with the connections of all clients that have not logged in.  It starts as root, receives its setup, and is
 * confined to an empty directory as a user who owns nothing before it sees a byte from the network.
 */
package org.twoftpd.session.gate;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.twoftpd.session.confine.Confinement;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.tls.TlsFailed;
import org.twoftpd.session.tls.Warmth;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.Refusal;
import org.twoftpd.shared.wire.TlsMessage;

/**
 * The gate: the process that talks with all clients before they log in. It ends with the monitor,
 * unless it relays for sessions over TLS: then it ends with the last of them.
 */
public final class GateMain {
  /**
   * A greeting with a banner of up to this many bytes fits into the socket's buffer of every new
   * connection, so it is sent at once. A longer one may have to wait for the client, so it is sent
   * on the client's own thread, where no other client waits for it.
   */
  private static final int BANNER_AT_ONCE = 2000;

  private static final long SECOND = 1_000_000_000L;

  private final ChannelToMonitor monitor;
  private final Poller poller;
  private final Budgets budgets = new Budgets();
  private final ConcurrentHashMap<Long, Client> clients = new ConcurrentHashMap<>();
  private static volatile boolean orphaned;
  private boolean confined;
  private GateMessage.Options options;
  private GateTls tls;

  private GateMain(ChannelToMonitor monitor, Poller poller) {
    this.monitor = monitor;
    this.poller = poller;
  }

  /** Runs the gate; descriptor 0 is the channel to the monitor. */
  public static void main(String[] arguments) {
    Native.load();
    Runtime.getRuntime().halt(run());
  }

  /**
   * Serves until the monitor ends, and then those clients whose sessions live on; returns the
   * status to exit with.
   */
  static int run() {
    try {
      GateMain gate = new GateMain(new SocketToMonitor(0, Role.GATE), Poller.start());
      gate.serve();
      gate.outlive();
      return 0;
    } catch (IOException | ProtocolViolation | Confinement.Failed e) {
      System.err.println("stopped: " + e.getMessage());
      return 1;
    }
  }

  private void serve() throws IOException, ProtocolViolation, Confinement.Failed {
    int[] fds = {monitor.number()};
    short[] events = new short[1];
    while (true) {
      for (Message m = monitor.next(); m != null; m = monitor.next()) {
        handleMessage(m);
      }
      events[0] = Readiness.READ;
      Native.poll(fds, events, 1, -1);
      if (!monitor.receive()) {
        return;
      }
    }
  }

  /**
   * A monitor that ends, as it does when the service is restarted, takes no session with it: those
   * over TLS have their clients by way of this process, and keep them. Whoever has not logged in is
   * told that he cannot.
   */
  private void outlive() {
    orphaned = true;
    poller.expire();
    clients.values().forEach(c -> c.passDecision(Refusal.BUSY));
    while (tls != null && !tls.relay().isEmpty()) {
      Pace.sleepNanos(SECOND);
      // One may have asked in the moment in which the monitor went.
      clients.values().forEach(c -> c.passDecision(Refusal.BUSY));
    }
  }

  private void handleMessage(Message message)
      throws IOException, ProtocolViolation, Confinement.Failed {
    if (!confined) {
      if (!(message instanceof GateMessage.Setup setup)) {
        throw new ProtocolViolation("the first message must be the setup");
      }
      // Classes are loaded now, and a virtual thread parks once, because no file can be opened
      // later.
      Preload.loadGateClasses();
      Thread warming = null;
      if (setup.tls()) {
        Warmth warmth = new Warmth();
        warming = Thread.ofPlatform().daemon().name("warmth").unstarted(warmth::deepen);
        Preload.loadTlsClasses();
        tls = new GateTls(monitor);
        warmth.spread();
      }
      Thread.ofVirtual().start(() -> Pace.sleepNanos(1));
      Confinement.confineGate(setup.uid(), setup.gid(), setup.root(), setup.clients(), setup.tls());
      confined = true;
      monitor.send(new GateMessage.Ready());
      if (warming != null) {
        warming.start();
      }
      return;
    }
    switch (message) {
      case GateMessage.Options changed -> options = changed;
      case TlsMessage.TlsTerms t -> offerTls(t);
      case TlsMessage.Signed m -> passSignature(m);
      case TlsMessage.RelayControl m -> keepDescriptor(m.connection(), monitor.descriptor(), true);
      case TlsMessage.RelayLine m -> keepDescriptor(m.connection(), monitor.descriptor(), false);
      case GateMessage.Connected m -> takeClient(m, monitor.descriptor());
      // A virtual thread answers, so that the answer proves that dialogues get a processor, too.
      case GateMessage.Ping _ ->
          Thread.ofVirtual().start(() -> tellMonitor(monitor, new GateMessage.Pong()));
      case GateMessage.LoginGranted m -> passDecision(m.connection(), null);
      case GateMessage.LoginRefused m -> passDecision(m.connection(), m.refusal());
      default ->
          throw new ProtocolViolation(
              "the monitor sent a message that the gate does not take after its setup");
    }
  }

  private void takeClient(GateMessage.Connected m, int fd) {
    Client client = new Client(m.connection(), fd, m.peer());
    Pace pace = new Pace(poller, budgets.findBudgets(m.peer(), System.nanoTime()));
    LoginDialogue dialogue =
        new LoginDialogue(
            options, monitor, client, pace, new ClientTls(tls, monitor, client, pace));
    clients.put(m.connection(), client);
    boolean atOnce = options.banner().length <= BANNER_AT_ONCE && !m.overTls();
    if (atOnce) {
      greetClient(dialogue);
    }
    Thread.ofVirtual().start(() -> holdDialogue(dialogue, client, !atOnce, m.overTls()));
  }

  private static void greetClient(LoginDialogue dialogue) {
    try {
      dialogue.sendGreeting();
    } catch (ConnectionEnded e) {
      // The dialogue learns that the connection has ended when it reads.
    }
  }

  private void holdDialogue(
      LoginDialogue dialogue, Client client, boolean greeting, boolean overTls) {
    try {
      dialogue.run(greeting, overTls);
    } catch (RuntimeException | OutOfMemoryError e) {
      // A fault in one dialogue must end this dialogue alone, and so must a lack of memory for it.
      System.err.println("fault in a dialogue with " + client.peer().host() + ": " + e);
      client.closeDescriptor();
      reportFailure(client);
    } finally {
      clients.remove(client.connection());
    }
  }

  private void offerTls(TlsMessage.TlsTerms t) throws ProtocolViolation {
    try {
      if (tls == null) {
        throw new ProtocolViolation("TLS was not ordered");
      }
      tls.setOffer(t);
    } catch (TlsFailed e) {
      throw new ProtocolViolation("TLS as offered cannot be had: " + e.getMessage());
    }
  }

  private void passSignature(TlsMessage.Signed m) {
    if (tls != null) {
      tls.desk().deliverSignature(m);
    }
  }

  private void keepDescriptor(long connection, int descriptor, boolean control) {
    Client c = clients.get(connection);
    if (c == null) {
      Native.close(descriptor);
    } else if (control) {
      c.keepControl(descriptor);
    } else {
      c.keepLine(descriptor);
    }
  }

  private void reportFailure(Client client) {
    tellMonitor(monitor, new GateMessage.HungUp(client.connection(), EndReason.FAILED));
  }

  /**
   * Sends a message to the monitor, or ends this process when that fails: the monitor is gone then.
   */
  static void tellMonitor(ChannelToMonitor monitor, Message message) {
    try {
      monitor.send(message);
    } catch (IOException e) {
      Pace.sleepNanos(SECOND);
      if (orphaned) {
        return;
      }
      System.err.println("cannot speak to the monitor: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  private void passDecision(long connection, Refusal refusal) {
    Client c = clients.get(connection);
    if (c != null) {
      c.passDecision(refusal);
    }
  }
}
