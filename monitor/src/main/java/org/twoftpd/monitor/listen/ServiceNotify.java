/*
 * Trusted to tell the service manager how the service is doing, and nothing else: it writes to one socket that the
 * manager named, and reads nothing.
 */
package org.twoftpd.monitor.listen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.twoftpd.shared.os.Native;

/**
 * The protocol of sd_notify(3), for units with Type=notify or Type=notify-reload. Without a service
 * manager, and whenever it does not listen, every message is dropped: the service runs all the
 * same.
 */
public final class ServiceNotify {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;

  /** sun_path of unix(7), without the NUL. */
  private static final int PATH_MAX = 107;

  private static final int MICRO = 1000;

  /** A sockaddr_un, or null when nobody wants to know. */
  private final byte[] address;

  private ServiceNotify(byte[] address) {
    this.address = address;
  }

  /**
   * Takes NOTIFY_SOCKET from the environment: an absolute path, or @ and an abstract name.
   *
   * @param environment the process' own
   */
  public static ServiceNotify of(Map<String, String> environment) {
    byte[] name = environment.getOrDefault("NOTIFY_SOCKET", "").getBytes(StandardCharsets.UTF_8);
    boolean known =
        name.length > 1 && name.length <= PATH_MAX && (name[0] == '/' || name[0] == '@');
    return new ServiceNotify(known ? sockaddr(name) : null);
  }

  private static byte[] sockaddr(byte[] name) {
    boolean isAbstract = name[0] == '@';
    // The length ends an abstract name, a NUL a path.
    ByteBuffer b =
        ByteBuffer.allocate(Short.BYTES + name.length + (isAbstract ? 0 : 1))
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_UNIX)
            .put(name);
    if (isAbstract) {
      b.put(Short.BYTES, (byte) 0);
    }
    return b.array();
  }

  /** It serves; {@code status} is shown by systemctl status. */
  public void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /**
   * It reads its settings again; to be followed by {@link #ready}. Nobody must care about the time
   * but a manager with Type=notify-reload, which compares it with CLOCK_MONOTONIC.
   */
  public void reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / MICRO);
  }

  /** It ends. */
  public void stopping() {
    send("STOPPING=1");
  }

  private void send(String state) {
    if (address == null) {
      return;
    }
    int fd = Native.socket(AF_UNIX, SOCK_DGRAM, 0);
    if (fd < 0) {
      return;
    }
    if (Native.connect(fd, address) == 0) {
      byte[] message = state.getBytes(StandardCharsets.UTF_8);
      int _ = Native.write(fd, message, 0, message.length);
    }
    Native.close(fd);
  }
}
