package org.twoftpd.monitor.start;

import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_DGRAM;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.UnixAddress;

/**
 * Tells the service manager how the service is doing, by the protocol of sd_notify(3), for units
 * with Type=notify or Type=notify-reload. Where there is no manager, or it does not listen,
 * messages are dropped and the service runs all the same. Nothing is ever read.
 */
public final class ServiceNotify {

  private static final int MICRO = 1000;

  /** The manager's socket as a sockaddr_un, or null when there is no manager. */
  private final byte[] address;

  /** Half of the time that the manager waits for a heartbeat; 0 when it waits for none. */
  private final long beatMillis;

  private int fd = -1;

  /** The last message that the manager did not take, or null. */
  private String missed;

  private ServiceNotify(byte[] address, long beatMillis) {
    this.address = address;
    this.beatMillis = beatMillis;
    connect();
  }

  /**
   * Finds the manager by NOTIFY_SOCKET in the environment: an absolute path, or @ and an abstract
   * name.
   *
   * @param environment this process's own
   */
  public static ServiceNotify fromEnvironment(Map<String, String> environment) {
    byte[] address = address(environment.getOrDefault("NOTIFY_SOCKET", ""));
    return new ServiceNotify(address, address == null ? 0 : beatMillis(environment));
  }

  /**
   * Reads half of WATCHDOG_USEC, if it is meant for this process (sd_watchdog_enabled(3)).
   *
   * @return milliseconds, 0 when no heartbeat is wanted
   */
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

  /**
   * Tells that the service is ready.
   *
   * @param status one line that systemctl status shows
   */
  public void tellReady(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /**
   * Tells that the service reads its settings again; {@link #tellReady} is to follow. A manager
   * with Type=notify-reload compares the time with CLOCK_MONOTONIC.
   */
  public void tellReloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / MICRO);
  }

  /** How often the manager wants {@link #tellAlive}, in milliseconds; 0 for never. */
  public long beatMillis() {
    return beatMillis;
  }

  /** Tells that the loop turns (WatchdogSec in systemd.service(5)). */
  public void tellAlive() {
    String late = missed;
    if (late != null) {
      // The manager was not there, or had no room for the message, which still holds.
      send(late);
    }
    // A heartbeat that is missed need not be kept, since another follows.
    int _ = deliver("WATCHDOG=1");
  }

  /** Tells that the service ends. */
  public void tellStopping() {
    send("STOPPING=1");
  }

  /** Connects a socket that is kept, since looking a name up can wait and the loop must not. */
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

  /** Writes a message, and connects first where nobody listened until now. */
  private int write(byte[] message) {
    if (fd < 0) {
      connect();
    }
    return fd < 0 ? fd : Native.write(fd, message, 0, message.length);
  }
}
