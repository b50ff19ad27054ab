/*
 * For tests only: the monitor's own way to what it needs, for a program that is in its place.
 */
package org.twoftpd.monitor;

import java.io.IOException;
import org.twoftpd.monitor.start.Hardening;

/** Limits this process as the monitor limits itself. */
public final class HardenedMonitor {
  private HardenedMonitor() {}

  /** Throws when that is not possible, or something does not hold then. */
  public static void enter() throws IOException {
    String fault = Hardening.applyInPlace();
    if (fault != null) {
      throw new IOException(fault);
    }
  }
}
