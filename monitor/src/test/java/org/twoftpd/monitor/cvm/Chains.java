/*
 * Chains for tests, from the text that an administrator would write.
 */
package org.twoftpd.monitor.cvm;

import java.util.ArrayList;
import java.util.List;
import org.twoftpd.shared.config.CvmSettings.Module;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

final class Chains {
  private Chains() {}

  static CvmChain parse(String spec, CvmOptions options) {
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
    return CvmChain.of(modules, options);
  }
}
