/*
 * Chains for tests, from the text that an administrator would write.
 */
package org.twoftpd.monitor.cvm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twoftpd.shared.config.CvmSettings;
import org.twoftpd.shared.config.CvmSettings.Module;
import org.twoftpd.shared.config.Secret;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

public final class Chains {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Chains() {}

  /** The chain of one module behind a UNIX socket. */
  public static CvmChain local(Path socket, Duration timeout) {
    return parse("cvm-local:" + socket, Map.of(), timeout);
  }

  static CvmChain parse(String spec) {
    return parse(spec, Map.of(), TIMEOUT);
  }

  static CvmChain parse(String spec, Map<String, String> environment, Duration timeout) {
    return parse(spec, null, 8, environment, timeout);
  }

  /**
   * @param secret null for none
   */
  static CvmChain parse(
      String spec,
      String secret,
      int randomBytes,
      Map<String, String> environment,
      Duration timeout) {
    return new CvmChain(
        new CvmSettings(
            modules(spec),
            "ftp",
            Optional.ofNullable(secret).map(Secret::new),
            "@",
            randomBytes,
            environment),
        timeout);
  }

  private static List<Module> modules(String spec) {
    List<Module> modules = new ArrayList<>();
    for (String s : spec.split(",", -1)) {
      if (s.startsWith("cvm-local:")) {
        modules.add(new Module.Local(s.substring("cvm-local:".length())));
      } else if (s.startsWith("cvm-udp:")) {
        int colon = s.lastIndexOf(':');
        byte[] address =
            AddressText.parse(s.substring("cvm-udp:".length(), colon).replaceAll("[\\[\\]]", ""));
        modules.add(
            new Module.Udp(new Endpoint(address, Integer.parseInt(s.substring(colon + 1)), 0)));
      } else {
        modules.add(new Module.Command(s.replace("cvm-command:", "")));
      }
    }
    return modules;
  }
}
