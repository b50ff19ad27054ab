/*
 * Trusted with everything that an administrator has decided, and with what was made of it: either all of it is good, or
 * none of it is used.
 */
package org.twoftpd.monitor.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.shared.config.LoginSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.config.SettingsReader;
import org.twoftpd.shared.wire.GateMessage;

/** Settings and the credential modules that they name. */
public record Configuration(Settings settings, CvmChain chain) {
  /** Where settings are read from, again and again. */
  public interface Source {
    /** What holds now, or all that is wrong with it. */
    Configuration read() throws SettingsException;
  }

  /**
   * Reads and checks.
   *
   * @param environment wins over the file
   */
  public static Configuration read(String file, Map<String, String> environment)
      throws SettingsException {
    Settings settings = SettingsReader.read(file, environment);
    try {
      return new Configuration(settings, CvmChain.of(settings.cvm()));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(List.of(file + ": " + e.getMessage()));
    }
  }

  /** Connections at a time. */
  public int maxClients() {
    return settings.limits().maxClients();
  }

  /** What the gate is told for the clients that come from now on. */
  public GateMessage.Options gateTerms() {
    LoginSettings s = settings.login();
    return new GateMessage.Options(
        s.banner(),
        s.authTimeoutSeconds(),
        s.timeoutSeconds(),
        settings.anonymousMode(),
        s.logRequests(),
        s.logResponses());
  }

  /**
   * The settings that a running service cannot change, and that differ from what it runs with.
   *
   * @return their names, separated by commas
   */
  public String needRestart(Configuration running) {
    List<String> names = new ArrayList<>();
    if (!settings.listen().equals(running.settings.listen())) {
      names.add("LISTEN");
    }
    if (!settings.gateUser().equals(running.settings.gateUser())) {
      names.add("GATE_USER");
    }
    if (maxClients() > running.maxClients()) {
      names.add("MAX_CLIENTS");
    }
    if (!settings.transferLog().equals(running.settings.transferLog())) {
      names.add("XFERLOG");
    }
    if (settings.logSyscalls() != running.settings.logSyscalls()) {
      names.add("LOGSYSCALLS");
    }
    return String.join(",", names);
  }
}
