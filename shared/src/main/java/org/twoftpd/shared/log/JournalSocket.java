package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.os.UnixAddress;

/**
 * The journal's native protocol (systemd, "Native Journal Protocol"): each event is a datagram of
 * NAME=value lines, so that readers need not parse a line of text. No value holds a line end, see
 * {@link Line}. Fields of this program are named TWOFTPD_ and the name that they have in the line.
 */
final class JournalSocket implements Journal.Sink {
  private static final int PATIENCE_MILLIS = 1000;

  /** LOG_FTP of syslog(3). */
  private static final int FACILITY = 11;

  private final byte[] address;
  private final int[] polled = new int[1];
  private final short[] events = new short[1];
  private int fd;

  /**
   * @param address of the journal
   * @param fd connected to it
   */
  JournalSocket(byte[] address, int fd) {
    this.address = address;
    this.fd = fd;
  }

  /** Connects to the journal that listens on a path; null when there is none. */
  static JournalSocket connect(String path) {
    if (!UnixAddress.isPath(path)) {
      return null;
    }
    byte[] address = UnixAddress.of(path);
    int fd = connectTo(address);
    return fd < 0 ? null : new JournalSocket(address, fd);
  }

  private static int connectTo(byte[] address) {
    int fd = Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_DGRAM, 0);
    if (fd < 0) {
      return fd;
    }
    int r = Native.connect(fd, address);
    if (r < 0) {
      Native.close(fd);
      return r;
    }
    return fd;
  }

  @Override
  public boolean take(Event event) {
    byte[] datagram = datagram(event);
    int n = send(datagram);
    if (n == -Errno.EAGAIN) {
      polled[0] = fd;
      events[0] = PollEvents.POLLOUT;
      Native.poll(polled, events, 1, PATIENCE_MILLIS);
      n = send(datagram);
    } else if (n < 0) {
      // A journal that was started anew has another socket under the old name.
      Native.close(fd);
      fd = connectTo(address);
      n = send(datagram);
    }
    return n >= 0;
  }

  private int send(byte[] datagram) {
    int n = fd < 0 ? fd : Native.write(fd, datagram, 0, datagram.length);
    if (n == -Errno.EMSGSIZE) {
      throw new IllegalArgumentException("a line is longer than the journal's socket takes");
    }
    return n;
  }

  private static byte[] datagram(Event event) {
    Line line = event.entry();
    StringBuilder text = new StringBuilder(512);
    add(text, "MESSAGE", line.toString());
    add(text, "PRIORITY", Integer.toString(line.priority()));
    add(text, "SYSLOG_FACILITY", Integer.toString(FACILITY));
    add(text, "SYSLOG_IDENTIFIER", "twoftpd");
    add(text, "TWOFTPD_EVENT", line.name());
    for (Line.Field f : line.fields()) {
      // The journal drops fields whose names have anything but capitals, digits and underscores.
      add(text, "TWOFTPD_" + f.key().toUpperCase(Locale.ROOT).replace('-', '_'), f.value());
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append(name).append('=').append(value).append('\n');
  }
}
