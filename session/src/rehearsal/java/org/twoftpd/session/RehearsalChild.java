package org.twoftpd.session;

import org.twoftpd.session.command.Conversation;
import org.twoftpd.session.command.MonitorLink;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.PollReadiness;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * Runs a session for the monitor's rehearsal when the program is built. It leaves out confinement,
 * which needs root. It is no part of a package.
 */
final class RehearsalChild {
  private static final int IDLE_SECONDS = 60;

  private RehearsalChild() {}

  /** Serves on descriptor 0, which leads to the monitor. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    SocketToMonitor channel = new SocketToMonitor(0, Role.SESSION);
    channel.send(new SessionMessage.SpareReady());
    if (Main.awaitOrder(channel) instanceof SessionMessage.Assignment a) {
      MonitorLink link = new MonitorLink(channel);
      ControlConnection control =
          new ControlConnection(channel.descriptor(), new PollReadiness(link), IDLE_SECONDS);
      control.addUnread(a.unread());
      FileTree files = FileTree.below(a.home(), false);
      new Conversation(control, files, a, link, new StatusHelper(), -1).serve();
    }
    Native.exit(0);
  }
}
