/*
 * Trusted with everything that an administrator has decided, and with what was made of it: either all of it is good, or
 * none of it is used.
 */
package org.twoftpd.monitor.start;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.monitor.tls.CertificateSet;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.config.LoginSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.config.SettingsReader;
import org.twoftpd.shared.wire.GateMessage;

/**
 * Settings, and the credential modules and certificates that they name.
 *
 * @param tls what clients are offered of TLS
 */
public record Configuration(Settings settings, CvmChain chain, TlsOffer tls) {
  /** Tells what one reading offers of TLS from what another does. */
  private static final AtomicInteger READINGS = new AtomicInteger();

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
    List<String> faults = new ArrayList<>();
    CvmChain chain = null;
    try {
      chain = CvmChain.of(settings.cvm());
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
    CertificateSet certificates =
        CertificateSet.of(settings.tls(), settings.gateUser().gid(), Instant.now(), faults);
    refuse(file, faults);
    TlsOffer tls = new TlsOffer(settings.tls(), certificates, READINGS.incrementAndGet());
    return new Configuration(settings, chain, tls);
  }

  private static void refuse(String file, List<String> faults) throws SettingsException {
    if (!faults.isEmpty()) {
      throw new SettingsException(faults.stream().map(f -> file + ": " + f).toList());
    }
  }

  /**
   * Refuses certificates that have run out or are not good yet. A service that starts has none
   * better and serves them; its clients look for themselves, and its clock may be wrong. One that
   * runs keeps what it has.
   *
   * @param file for messages
   */
  public void checkTimes(String file) throws SettingsException {
    refuse(file, tls.outOfTime());
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
    if (settings.tls().isOn() && !running.settings.tls().isOn()) {
      names.add("TLS");
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
