package org.twoftpd.session.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.PollReadiness;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.shared.config.RootKind;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.SessionMessage;

/** A session in this process, without any confinement and with nobody listening to its log. */
public final class TestSession {
  private TestSession() {}

  /** Serves one client in a directory, until it ends. */
  public static void serve(
      Path home, Endpoint peer, Endpoint local, int control, int line, int tls, byte[] unread) {
    int[] monitor = new int[2];
    try {
      SystemCallException.check(Native.dataPair(monitor));
      SessionOptions options =
          SessionOptions.defaults(Table.XFER)
              .with(SessionOption.ROOT, RootKind.SOFTCHROOT)
              .with(SessionOption.CONNECT_TIMEOUT, 5)
              .with(SessionOption.TIMEOUT, 30);
      byte[] name = home.toString().getBytes(StandardCharsets.UTF_8);
      byte[] user = "me".getBytes(StandardCharsets.UTF_8);
      SessionMessage.Assignment a =
          new SessionMessage.Assignment(
              user,
              user,
              1,
              1,
              new int[0],
              name,
              Table.XFER,
              options,
              peer,
              local,
              true,
              unread,
              tls);
      MonitorLink link = new MonitorLink(new SocketToMonitor(monitor[0], Role.SESSION));
      Thread.ofPlatform().daemon().start(() -> drain(monitor[1]));
      ControlConnection c = new ControlConnection(control, new PollReadiness(link), 30);
      c.addUnread(unread);
      StatusHelper helper = new StatusHelper();
      helper.start();
      new Conversation(c, FileTree.below(name, false), a, link, helper, line).serve();
    } catch (IOException | RuntimeException e) {
      System.err.println("in the test service: " + e);
    } finally {
      Native.close(control);
      if (line >= 0) {
        Native.close(line);
      }
      Native.close(monitor[0]);
    }
  }

  private static void drain(int fd) {
    byte[] dropped = new byte[4096];
    Native.setNonblocking(fd, false);
    while (Native.read(fd, dropped, 0, dropped.length) > 0) {
      // Nobody reads the log.
    }
    Native.close(fd);
  }
}
