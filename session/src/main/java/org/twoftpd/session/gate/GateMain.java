/*
 * Trusted with every stranger's connection and with nothing of the machine: it starts as root, takes its setup, goes
 * into an empty directory as a user who owns nothing, and only then sees the first byte from the network.
 */
package org.twoftpd.session.gate;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.twoftpd.session.confine.Confinement;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.Refusal;

/** The gate: all dialogue before login. Ends when the monitor does. */
public final class GateMain {
  /**
   * Any new connection has room for a greeting with so much of a banner; a longer one may have to
   * wait for its client, which must be nobody else's wait.
   */
  private static final int BANNER_AT_ONCE = 2000;

  private final ChannelToMonitor monitor;
  private final Poller poller;
  private final Budgets budgets = new Budgets();
  private final ConcurrentHashMap<Long, Client> clients = new ConcurrentHashMap<>();
  private boolean confined;
  private GateMessage.Options options;

  private GateMain(ChannelToMonitor monitor, Poller poller) {
    this.monitor = monitor;
    this.poller = poller;
  }

  /** Descriptor 0 is the monitor. */
  public static void main(String[] arguments) {
    Native.load();
    Runtime.getRuntime().halt(run());
  }

  /** Serves until the monitor ends; the status to exit with. */
  static int run() {
    try {
      new GateMain(new SocketToMonitor(0, Role.GATE), Poller.start()).serve();
      return 0;
    } catch (IOException | ProtocolViolation | Confinement.Failed e) {
      System.err.println("ends: " + e.getMessage());
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

  private void handleMessage(Message message) throws IOException, ProtocolViolation, Confinement.Failed {
    if (!confined) {
      if (!(message instanceof GateMessage.Setup o)) {
        throw new ProtocolViolation("the first message must be the setup");
      }
      // What loads files does so now: afterwards there are none.
      Preload.loadGateClasses();
      Thread.ofVirtual().start(() -> Pace.sleepNanos(1));
      Confinement.confineGate(o.uid(), o.gid(), o.root(), o.clients());
      confined = true;
      monitor.send(new GateMessage.Ready());
      return;
    }
    switch (message) {
      case GateMessage.Options t -> options = t;
      case GateMessage.Connected m -> takeClient(m, monitor.descriptor());
      // On a thread as those of dialogues: it is their turn that the monitor wants to know of.
      case GateMessage.Ping _ ->
          Thread.ofVirtual().start(() -> tellMonitor(monitor, new GateMessage.Pong()));
      case GateMessage.LoginGranted m -> passDecision(m.connection(), null);
      case GateMessage.LoginRefused m -> passDecision(m.connection(), m.refusal());
      default -> throw new ProtocolViolation("a message that is not for now");
    }
  }

  private void takeClient(GateMessage.Connected m, int fd) {
    Client client = new Client(m.connection(), fd, m.peer());
    Pace pace = new Pace(poller, budgets.findBudgets(m.peer(), System.nanoTime()));
    LoginDialogue dialogue = new LoginDialogue(options, monitor, client, pace);
    clients.put(m.connection(), client);
    boolean atOnce = options.banner().length <= BANNER_AT_ONCE;
    if (atOnce) {
      greetClient(dialogue);
    }
    Thread.ofVirtual().start(() -> holdDialogue(dialogue, client, !atOnce));
  }

  private static void greetClient(LoginDialogue dialogue) {
    try {
      dialogue.sendGreeting();
    } catch (ConnectionEnded e) {
      // The dialogue finds the same when it reads.
    }
  }

  private void holdDialogue(LoginDialogue dialogue, Client client, boolean greeting) {
    try {
      if (greeting) {
        greetClient(dialogue);
      }
      dialogue.run();
    } catch (RuntimeException e) {
      // A fault here must cost this client alone.
      System.err.println("fault in a dialogue with " + client.peer().host() + ": " + e);
      client.closeDescriptor();
      reportFailure(client);
    } finally {
      clients.remove(client.connection());
    }
  }

  private void reportFailure(Client client) {
    tellMonitor(monitor, new GateMessage.HungUp(client.connection(), EndReason.FAILED));
  }

  /** Tells the monitor; ends this process when the monitor is gone, or about to end it. */
  static void tellMonitor(ChannelToMonitor monitor, Message message) {
    try {
      monitor.send(message);
    } catch (IOException e) {
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
