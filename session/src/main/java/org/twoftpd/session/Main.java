/*
 * Trusted to step down from root for one login.  It starts as root, reads only what the monitor sends, and becomes the
 * user before it reads a byte from the client.
 */
package org.twoftpd.session;

import java.io.IOException;
import java.util.Arrays;
import org.twoftpd.session.command.Conversation;
import org.twoftpd.session.command.MonitorLink;
import org.twoftpd.session.confine.Confinement;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.PollReadiness;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * A session process. It waits as a spare until the monitor assigns a login to it, serves that login
 * and ends.
 */
public final class Main {
  private static final byte[] CANNOT_START =
      Ascii.encode("421 The session cannot start. The server's log gives the reason.\r\n");

  private Main() {}

  /** Runs the session; descriptor 0 is the channel to the monitor. */
  public static void main(String[] arguments) {
    Native.load();
    Preload.loadSessionClasses();
    ChannelToMonitor channel = new SocketToMonitor(0, Role.SESSION);
    int status = 0;
    try {
      StatusHelper helper = new StatusHelper();
      helper.start();
      Confinement.prepareSpare();
      channel.send(new SessionMessage.SpareReady());
      Message message = awaitOrder(channel);
      int line = -1;
      if (message instanceof SessionMessage.SessionLine) {
        line = channel.descriptor();
        message = awaitOrder(channel);
      }
      if (message instanceof SessionMessage.Assignment assignment) {
        status = serveLogin(channel, assignment, channel.descriptor(), line, helper);
      }
    } catch (IOException | ProtocolViolation | Confinement.Failed e) {
      System.err.println("cannot start: " + e.getMessage());
      status = 1;
    }
    Native.exit(status);
  }

  /** Returns the next message that is not a ping, or null when the monitor has gone. */
  static Message awaitOrder(ChannelToMonitor channel) throws IOException, ProtocolViolation {
    int[] fds = {channel.number()};
    short[] events = {Readiness.READ};
    while (true) {
      for (Message m = channel.next(); m != null; m = channel.next()) {
        if (!(m instanceof SessionMessage.Ping)) {
          return m;
        }
        channel.send(new SessionMessage.Pong(false));
      }
      events[0] = Readiness.READ;
      Native.poll(fds, events, 1, -1);
      if (!channel.receive()) {
        return null;
      }
    }
  }

  private static int serveLogin(
      ChannelToMonitor channel,
      SessionMessage.Assignment assignment,
      int client,
      int line,
      StatusHelper helper)
      throws IOException {
    FileTree files;
    try {
      Confinement.confineSession(assignment, line);
      files = openTree(assignment);
      files.checkEnterable(files.start());
    } catch (Confinement.Failed | SystemCallException e) {
      byte[] reason = Ascii.encode(e.getMessage());
      int length = Math.min(reason.length, MessageType.Limits.REASON);
      channel.send(new SessionMessage.Unable(Arrays.copyOf(reason, length)));
      Native.write(client, CANNOT_START, 0, CANNOT_START.length);
      return 1;
    }
    MonitorLink monitor = new MonitorLink(channel);
    ControlConnection control =
        new ControlConnection(
            client, new PollReadiness(monitor), assignment.options().get(SessionOption.TIMEOUT));
    control.addUnread(assignment.unread());
    new Conversation(control, files, assignment, monitor, helper, line).serve();
    // The process ends now, which closes the connection. An earlier holder of the socket may have
    // set SO_LINGER (socket(7)), with which close(2) would wait; the end of a process does not
    // wait.
    return 0;
  }

  private static FileTree openTree(SessionMessage.Assignment assignment)
      throws SystemCallException {
    boolean hide = assignment.options().get(SessionOption.NODOTFILES);
    return switch (assignment.options().get(SessionOption.ROOT)) {
      case CHROOT -> FileTree.jailed(hide);
      case SOFTCHROOT -> FileTree.below(assignment.home(), hide);
      case LOCKHOME -> FileTree.lockedTo(assignment.home(), hide);
      case NONE -> FileTree.whole(assignment.home(), hide);
    };
  }
}
