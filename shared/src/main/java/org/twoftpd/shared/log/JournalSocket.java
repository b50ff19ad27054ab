/*
 * Trusted to tell systemd's journal what happened, field by field, so that nothing has to be parsed out of a line.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * The journal's native protocol (systemd, "Native Journal Protocol"): a datagram for each event,
 * NAME=value lines in it. No value of ours holds a line end, see {@link Line}. Our own fields are
 * named TWOFTPD_ and the name that they have in the line.
 */
final class JournalSocket implements Journal.Sink {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SUN_PATH_MAX = 107;
  private static final int PATIENCE_MILLIS = 1000;
  private static final short WRITABLE = 4;

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

  /** Null when no journal is there. */
  static JournalSocket connect(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length > SUN_PATH_MAX) {
      return null;
    }
    byte[] address = new byte[2 + name.length + 1];
    // The machine's own byte order, in which both machines of ours put the low byte first.
    address[0] = AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    int fd = connected(address);
    return fd < 0 ? null : new JournalSocket(address, fd);
  }

  private static int connected(byte[] address) {
    int fd = Native.socket(AF_UNIX, SOCK_DGRAM, 0);
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
      events[0] = WRITABLE;
      Native.poll(polled, events, 1, PATIENCE_MILLIS);
      n = send(datagram);
    } else if (n < 0) {
      // A journal that was started anew has another socket under the old name.
      Native.close(fd);
      fd = connected(address);
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
