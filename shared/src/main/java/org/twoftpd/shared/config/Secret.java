/*
 * Trusted with a shared secret, which it never shows by accident.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;

/** Bytes that no message, log line or debugger's toString shows. */
public final class Secret {
  private final byte[] bytes;

  public Secret(String text) {
    bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** A copy of the bytes, which the caller overwrites after use. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "(not shown)";
  }
}
