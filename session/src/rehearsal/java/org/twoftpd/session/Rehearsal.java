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
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * Takes a session through a whole login when the program is built, so that the archive of loaded
 * classes (java(1), -XX:AOTCache) has what a real session needs. Every session loads all that is in
 * the archive, so nothing here uses more of the JDK than a session does. It plays the monitor in
 * one process with the session and is no part of a package.
 */
final class Rehearsal {
  private static final byte[] NONE = {};

  private Rehearsal() {}

  /** Runs a whole session in a directory that it makes and removes. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    Preload.loadSessionClasses();
    byte[] home = Ascii.encode("/tmp/twoftpd-rehearsal.".concat(Integer.toString(Native.getpid())));
    SystemCallException.check(Native.mkdirat(FileFlags.AT_FDCWD, home, 0700));
    try {
      rehearseLogin(home);
    } finally {
      Native.unlinkat(FileFlags.AT_FDCWD, home, FileFlags.AT_REMOVEDIR);
    }
  }

  private static void rehearseLogin(byte[] home) throws Exception {
    int[] monitor = makeSocketPair();
    int[] control = makeSocketPair();
    Native.setNonblocking(control[0], true);
    RehearsedClient client = new RehearsedClient(control[1]);
    client.start();
    serveSession(monitor, control[0], home);
    client.join();
    if (client.fault() != null) {
      throw new IllegalStateException(client.fault());
    }
  }

  private static int[] makeSocketPair() throws SystemCallException {
    int[] ends = new int[2];
    SystemCallException.check(Native.socketpair(ends));
    return ends;
  }

  private static void serveSession(int[] monitor, int client, byte[] home) throws Exception {
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
            NONE,
            0);
    byte[] frame = Codec.encode(sent);
    SystemCallException.check(Native.write(monitor[1], frame, 0, frame.length));
    // The message comes without a descriptor, so only this error can be rehearsed.
    try {
      Main.awaitOrder(channel);
    } catch (ProtocolViolation e) {
      // The error is expected, since the descriptor is missing.
    }
    StatusHelper helper = new StatusHelper();
    helper.start();
    ThreadsRehearsal.run();
    FileTree files = FileTree.asJailed(home);
    MonitorLink link = new MonitorLink(channel);
    ControlConnection control = new ControlConnection(client, new PollReadiness(link), 60);
    new Conversation(control, files, sent, link, helper, -1).serve();
    Native.close(client);
  }
}
