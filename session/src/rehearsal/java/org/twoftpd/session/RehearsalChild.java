/*
 * Runs when the program is built, never in service, and lies in no package.  It is a session without confinement, which
 * takes root, so that the monitor's rehearsal has one to talk to.
 */
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

/** A session that the monitor's rehearsal starts. */
final class RehearsalChild {
  private static final int IDLE_SECONDS = 60;

  private RehearsalChild() {}

  /** Descriptor 0 is the monitor. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    SocketToMonitor channel = new SocketToMonitor(0, Role.SESSION);
    channel.send(new SessionMessage.SpareReady());
    if (Main.awaitAssignment(channel) instanceof SessionMessage.Assignment a) {
      MonitorLink link = new MonitorLink(channel);
      ControlConnection control =
          new ControlConnection(channel.descriptor(), new PollReadiness(link), IDLE_SECONDS);
      control.addUnread(a.unread());
      FileTree files = FileTree.below(a.home(), false);
      new Conversation(control, files, a, link, new StatusHelper()).serve();
    }
    Native.exit(0);
  }
}
