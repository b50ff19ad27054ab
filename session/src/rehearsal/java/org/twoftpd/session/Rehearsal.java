/*
 * Runs when the program is built, never in service, and lies in no package.  It takes a session through a whole login so
 * that the archive of loaded classes (java(1), -XX:AOTCache) has what a real one needs.  What is in the archive is loaded
 * by every session, needed or not, so nothing here uses more of the JDK than a session does.
 */
package org.twoftpd.session;

import org.twoftpd.session.command.Conversation;
import org.twoftpd.session.command.MonitorLink;
import org.twoftpd.session.confine.Preload;
import org.twoftpd.session.confine.ThreadsRehearsal;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.PollReadiness;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.config.RootKind;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;

/** The monitor of a rehearsal, in one process with the session. */
final class Rehearsal {
  private static final byte[] NONE = {};

  private Rehearsal() {}

  /** A whole session, in a directory of its own that is gone afterwards. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    Preload.loadSessionClasses();
    byte[] home = Ascii.encode("/tmp/twoftpd-rehearsal.".concat(Integer.toString(Native.getpid())));
    SystemCallException.check(Native.mkdirat(FileFlags.AT_FDCWD, home, 0700));
    try {
      run(home);
    } finally {
      Native.unlinkat(FileFlags.AT_FDCWD, home, FileFlags.AT_REMOVEDIR);
    }
  }

  private static void run(byte[] home) throws Exception {
    int[] monitor = pair();
    int[] control = pair();
    Native.setNonblocking(control[0], true);
    RehearsedClient client = new RehearsedClient(control[1]);
    client.start();
    session(monitor, control[0], home);
    client.join();
    if (client.fault() != null) {
      throw new IllegalStateException(client.fault());
    }
  }

  private static int[] pair() throws SystemCallException {
    int[] ends = new int[2];
    SystemCallException.check(Native.socketpair(ends));
    return ends;
  }

  private static void session(int[] monitor, int client, byte[] home) throws Exception {
    SocketToMonitor channel = new SocketToMonitor(monitor[0], Role.SESSION);
    SessionMessage.Assignment sent =
        new SessionMessage.Assignment(
            Ascii.encode("rehearsal"),
            NONE,
            1,
            1,
            new int[0],
            home,
            Table.XFER,
            SessionOptions.defaults(Table.XFER)
                .with(SessionOption.ROOT, RootKind.SOFTCHROOT)
                .with(SessionOption.TIMEOUT, 60)
                .with(SessionOption.BANNER, Ascii.encode("Hello")),
            RehearsedClient.LOOPBACK,
            RehearsedClient.LOOPBACK,
            true,
            NONE);
    byte[] frame = Codec.encode(sent);
    SystemCallException.check(Native.write(monitor[1], frame, 0, frame.length));
    // No descriptor comes along, so only its absence is rehearsed here.
    try {
      Main.awaitAssignment(channel);
    } catch (ProtocolViolation e) {
      // As expected.
    }
    StatusHelper helper = new StatusHelper();
    helper.start();
    ThreadsRehearsal.run();
    FileTree files = FileTree.asJailed(home);
    MonitorLink link = new MonitorLink(channel);
    ControlConnection control = new ControlConnection(client, new PollReadiness(link), 60);
    new Conversation(control, files, sent, link, helper).serve();
    Native.close(client);
  }
}
