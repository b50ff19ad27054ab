package org.twoftpd.monitor.login;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.config.PortRange;

/**
 * The ports that the kernel gives to sockets that ask for none (ip(7), ip_local_port_range). A
 * session asks for one of them by number: bind(2) with port 0 takes no port that served a moment
 * ago, and looks the longer for another one, the more files there were in the last minute (1.8 ms
 * after 12,000).
 */
final class LocalPorts {
  private static final String RANGE = "/proc/sys/net/ipv4/ip_local_port_range";

  private static final int LAST = 65535;

  private LocalPorts() {}

  /** Reads the kernel's range; {@link PortRange#ANY} where it does not say. */
  static PortRange ofKernel() {
    byte[] text = new byte[64];
    try (InputStream in = new FileInputStream(RANGE)) {
      // It is read in one call, since the kernel gives nothing from the second byte on.
      int n = in.read(text);
      return parse(new String(text, 0, Math.max(n, 0), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return PortRange.ANY;
    }
  }

  static PortRange parse(String text) {
    String[] bounds = text.trim().split("\\s+", -1);
    if (bounds.length != 2) {
      return PortRange.ANY;
    }
    try {
      int low = Integer.parseInt(bounds[0]);
      int high = Integer.parseInt(bounds[1]);
      return low > 0 && low <= high && high <= LAST ? new PortRange(low, high) : PortRange.ANY;
    } catch (NumberFormatException e) {
      return PortRange.ANY;
    }
  }
}
