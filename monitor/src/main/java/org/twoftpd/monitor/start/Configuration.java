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
  /** Reads the settings from where they are, as often as it is asked. */
  public interface Source {
    /**
     * Reads what holds now.
     *
     * @throws SettingsException naming all that is wrong
     */
    Configuration read() throws SettingsException;
  }

  /**
   * Reads the settings and checks them.
   *
   * @param environment settings that win over the file's
   * @throws SettingsException naming all that is wrong
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

  /** How many clients there may be at a time. */
  public int maxClients() {
    return settings.limits().maxClients();
  }

  /** What the gate is told about how to talk to clients. */
  public GateMessage.Options gateOptions() {
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
   * Finds the settings that differ from those that the service runs with and that it cannot change
   * while it runs.
   *
   * @return their names, separated by commas; empty when there are none
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
