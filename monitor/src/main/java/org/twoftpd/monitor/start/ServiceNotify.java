/*
 * Trusted to tell the service manager how the service is doing, and nothing else: it writes to one socket that the
 * manager named, and reads nothing.
 */
package org.twoftpd.monitor.start;

import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_DGRAM;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.UnixAddress;

/**
 * The protocol of sd_notify(3), for units with Type=notify or Type=notify-reload. Without a service
 * manager, and whenever it does not listen, every message is dropped: the service runs all the
 * same.
 */
public final class ServiceNotify {

  private static final int MICRO = 1000;

  /** A sockaddr_un, or null when nobody wants to know. */
  private final byte[] address;

  /** Twice in the time that the manager waits; 0 when it does not. */
  private final long beatMillis;

  private int fd = -1;

  /** What the manager did not take, last. */
  private String missed;

  private ServiceNotify(byte[] address, long beatMillis) {
    this.address = address;
    this.beatMillis = beatMillis;
    connect();
  }

  /**
   * Takes NOTIFY_SOCKET from the environment: an absolute path, or @ and an abstract name.
   *
   * @param environment the process' own
   */
  public static ServiceNotify fromEnvironment(Map<String, String> environment) {
    byte[] address = address(environment.getOrDefault("NOTIFY_SOCKET", ""));
    return new ServiceNotify(address, address == null ? 0 : beatMillis(environment));
  }

  /** Half of WATCHDOG_USEC, when it is meant for this process (sd_watchdog_enabled(3)). */
  private static long beatMillis(Map<String, String> environment) {
    String pid = environment.get("WATCHDOG_PID");
    try {
      if (pid != null && Integer.parseInt(pid) != Native.getpid()) {
        return 0;
      }
      long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
      return micros <= 0 ? 0 : Math.max(1, micros / MICRO / 2);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /** The address of an absolute path or of @ and an abstract name; null for anything else. */
  private static byte[] address(String name) {
    if (UnixAddress.isPath(name) && name.length() > 1) {
      return UnixAddress.of(name);
    }
    return name.startsWith("@") && UnixAddress.isAbstractName(name.substring(1))
        ? UnixAddress.ofAbstractName(name.substring(1))
        : null;
  }

  /** It serves; {@code status} is shown by systemctl status. */
  public void tellReady(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /**
   * It reads its settings again; to be followed by {@link #tellReady}. Nobody must care about the time
   * but a manager with Type=notify-reload, which compares it with CLOCK_MONOTONIC.
   */
  public void tellReloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / MICRO);
  }

  /** How often {@link #tellAlive} is wanted; 0 for never. */
  public long beatMillis() {
    return beatMillis;
  }

  /** Its loop turns (WatchdogSec in systemd.service(5)). */
  public void tellAlive() {
    String late = missed;
    if (late != null) {
      // It was not there, or had no room for it; its own time says nothing else.
      send(late);
    }
    // Another one follows, so it takes the place of nothing that was missed.
    int _ = deliver("WATCHDOG=1");
  }

  /** It ends. */
  public void tellStopping() {
    send("STOPPING=1");
  }

  /** The socket is kept: looking a name up is nothing for a thread that must not wait. */
  private void connect() {
    if (address == null) {
      return;
    }
    fd = Native.socket(AF_UNIX, SOCK_DGRAM, 0);
    if (fd >= 0 && Native.connect(fd, address) < 0) {
      Native.close(fd);
      fd = -1;
    }
  }

  private synchronized void send(String state) {
    missed = deliver(state) < 0 ? state : null;
  }

  private synchronized int deliver(String state) {
    byte[] message = state.getBytes(StandardCharsets.UTF_8);
    int n = write(message);
    if (n == -Errno.ECONNREFUSED) {
      // The manager has made itself another socket of that name.
      Native.close(fd);
      fd = -1;
      n = write(message);
    }
    return n;
  }

  /** Connects before, where there was nobody until now. */
  private int write(byte[] message) {
    if (fd < 0) {
      connect();
    }
    return fd < 0 ? fd : Native.write(fd, message, 0, message.length);
  }
}
