/*
 * Trusted with root: it checks that nobody else can change what root starts, gives up the rights that the service does not
 * need, opens the port, and then is the monitor.
 */
package org.twoftpd.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import org.twoftpd.monitor.client.Listener;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.start.Capacity;
import org.twoftpd.monitor.start.Configuration;
import org.twoftpd.monitor.start.Hardening;
import org.twoftpd.monitor.start.ListenSockets;
import org.twoftpd.monitor.start.ServiceNotify;
import org.twoftpd.shared.config.ListenAddress;
import org.twoftpd.shared.config.ListenSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.TransferLog;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.TrustedPath;
import org.twoftpd.shared.wire.GateMessage;

/** The start of the service, in the order that it needs, and its end. */
final class Service {
  /** A log that stands still must not hold up the end of the service. */
  private static final long FLUSH_MILLIS = 1000;

  private final Configuration configuration;
  private final Configuration.Source source;
  private final String home;
  private final String runtime;
  private final String journalSocket;

  /**
   * @param configuration holds until the settings are read again
   * @param source reads the settings again
   * @param home the directory of the program
   * @param runtime the directory of the status socket and of the gate's empty directory
   * @param journalSocket where systemd's journal listens
   */
  Service(
      Configuration configuration,
      Configuration.Source source,
      String home,
      String runtime,
      String journalSocket) {
    this.configuration = configuration;
    this.source = source;
    this.home = home;
    this.runtime = runtime;
    this.journalSocket = journalSocket;
  }

  /**
   * Serves for as long as the process lives.
   *
   * @throws IllegalArgumentException when a setting does not fit this machine
   * @throws IOException when the service cannot start for another reason
   */
  void run() throws IOException {
    Native.load();
    Settings settings = configuration.settings();
    Capacity.check(settings.limits(), settings.tls().isOn());
    // Sockets are made in the one directory, and what lies in the other is started.
    checkDirectory(runtime);
    checkDirectory(home);
    Hardening.apply(settings.logSyscalls());
    List<Listener> listeners = openListeners(settings.listen());
    GateMessage.Setup setup =
        new GateMessage.Setup(
            settings.gateUser().uid(),
            settings.gateUser().gid(),
            (runtime + "/empty").getBytes(StandardCharsets.UTF_8),
            settings.limits().maxClients()
                * (settings.tls().isOn() ? Capacity.GATE_PER_TLS_CLIENT : 1),
            settings.tls().isOn());
    Journal journal = Journal.open(System.getenv(), journalSocket);
    TransferLog file = openTransferLog(settings.transferLog());
    TransferWriter transfers = file == null ? null : new TransferWriter(file, journal);
    ServiceNotify manager = ServiceNotify.fromEnvironment(System.getenv());
    ChildCommands commands =
        new ChildCommands(Path.of(home).toAbsolutePath(), settings.logSyscalls());
    Monitor monitor =
        new Monitor(configuration, source, commands, listeners, setup, journal, transfers, manager);
    openStatusSocket(monitor);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(monitor, manager, journal, transfers)));
    // A class that is loaded later is unpacked by the one and checked by the other of these.  Both
    // look for their library on the disk when they are first used, and the loop must not wait for
    // that.
    new Inflater().end();
    new CRC32().reset();
    monitor.run();
  }

  private void openStatusSocket(Monitor monitor) throws IOException {
    String who = runtime + "/who";
    try {
      // An earlier monitor may have left its socket there.
      Files.deleteIfExists(Path.of(who));
      monitor.openStatusSocket(who);
    } catch (SystemCallException e) {
      throw new IOException("cannot listen on " + who + ": " + e.getMessage(), e);
    }
  }

  private static void stop(
      Monitor monitor, ServiceNotify manager, Journal journal, TransferWriter transfers) {
    manager.tellStopping();
    try {
      monitor.dismissClients();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    journal.stop(transfers, FLUSH_MILLIS);
  }

  private static void checkDirectory(String directory) throws IOException {
    try {
      TrustedPath.checkDirectory(directory);
    } catch (IOException e) {
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
  }

  private static TransferLog openTransferLog(Optional<String> path) {
    if (path.isEmpty()) {
      return null;
    }
    try {
      return TransferLog.open(path.get());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "XFERLOG="
              + path.get()
              + ": must be a regular file that can be appended to, or a new name: "
              + e.getMessage(),
          e);
    }
  }

  /** Takes over the sockets that systemd has opened, or opens those that the settings name. */
  private static List<Listener> openListeners(ListenSettings settings) throws IOException {
    List<Listener> listeners = ListenSockets.takePassed(System.getenv());
    if (!listeners.isEmpty()) {
      return listeners;
    }
    listeners = new ArrayList<>();
    for (ListenAddress a : settings.addresses()) {
      try {
        listeners.add(new Listener(ListenSockets.open(a.address()), a.overTls()));
      } catch (SystemCallException e) {
        throw new IOException("cannot listen on " + a + ": " + e.getMessage(), e);
      }
    }
    return listeners;
  }
}
