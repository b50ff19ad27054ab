/*
 * Trusted with the secret that lookup modules ask for.
 */
package org.twoftpd.monitor.cvm;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How modules are asked.
 *
 * @param service SERVICE in the environment of a cvm-command module
 * @param lookupSecret sent with every request; 1 to 255 bytes, or null for none
 * @param randomBytes length of the tag that a reply must repeat; 0 to 255
 * @param moduleEnvironment settings for cvm-command modules, names beginning with CVM_
 * @param timeout for one question to one module; more than zero
 */
public record CvmOptions(
    String service,
    byte[] lookupSecret,
    int randomBytes,
    Map<String, String> moduleEnvironment,
    Duration timeout) {
  /** The tries of {@link CvmUdp} add up to this. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** The settings of the original, when nothing else is said. */
  public static final CvmOptions DEFAULT =
      new CvmOptions("ftp", null, 8, Map.of(), DEFAULT_TIMEOUT);

  /**
   * @throws IllegalArgumentException naming the setting and what is allowed
   */
  public CvmOptions {
    if (lookupSecret != null && (lookupSecret.length == 0 || lookupSecret.length > 255)) {
      throw new IllegalArgumentException("CVM_LOOKUP_SECRET: 1 to 255 bytes are allowed");
    }
    if (randomBytes < 0 || randomBytes > 255) {
      throw new IllegalArgumentException("CVM_RANDOM_BYTES: 0 to 255 are allowed");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("CVM timeout: more than 0 is allowed");
    }
    for (String name : moduleEnvironment.keySet()) {
      if (!name.matches("CVM_[A-Z0-9_]+")) {
        throw new IllegalArgumentException(
            "module setting " + name + ": a name is CVM_ and then A-Z, 0-9 or _");
      }
    }
    lookupSecret = lookupSecret == null ? null : lookupSecret.clone();
    moduleEnvironment = Map.copyOf(moduleEnvironment);
  }

  /** The whole environment of a cvm-command module. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(moduleEnvironment);
    // With this in its environment, even empty, a module only looks accounts up, and any password
    // is right.
    environment.remove("CVM_LOOKUP_SECRET");
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("SERVICE", service);
    return environment;
  }
}
