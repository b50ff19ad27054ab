/*
 * Trusted with a shared secret: gives it to who asks for it by name, and never shows it by accident.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;

/** Bytes that no message, log line or debugger's toString shows. */
public final class Secret {
  private final byte[] bytes;

  public Secret(String text) {
    bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** A copy, which the caller wipes after use. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "(not shown)";
  }
}
