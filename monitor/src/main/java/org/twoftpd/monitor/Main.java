/*
 * Trusted with root, for as long as it takes to read the settings and open the port; then it is the monitor.
 */
package org.twoftpd.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.process.Program;
import org.twoftpd.monitor.start.Capacity;
import org.twoftpd.monitor.start.Configuration;
import org.twoftpd.monitor.start.Hardening;
import org.twoftpd.monitor.start.ListenSockets;
import org.twoftpd.monitor.start.SelfTest;
import org.twoftpd.monitor.start.ServiceNotify;
import org.twoftpd.monitor.start.SettingsText;
import org.twoftpd.shared.config.ListenSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.TransferLog;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.TrustedPath;
import org.twoftpd.shared.wire.GateMessage;

/** The program twoftpd-monitor. */
public final class Main {
  /** EX_USAGE, EX_CONFIG and EX_OSERR of sysexits.h. */
  private static final int USAGE = 64;

  private static final int CONFIGURATION = 78;
  private static final int SYSTEM = 71;

  /** A log that stands still must not hold up the end of the service. */
  private static final long FLUSH_MILLIS = 1000;

  private static final String HELP =
      """
      usage: twoftpd-monitor [--config FILE] [--home DIRECTORY] [--runtime DIRECTORY] [--journal SOCKET]
             twoftpd-monitor --check FILE
             twoftpd-monitor --print-settings
             twoftpd-monitor --self-test [--home DIRECTORY]
             twoftpd-monitor --print-command ROLE [--home DIRECTORY]

        --config FILE        reads the settings from FILE (default: /etc/twoftpd/twoftpd.conf)
        --home DIRECTORY     the directory of the program (default: /usr/lib/twoftpd)
        --runtime DIRECTORY  the directory of its socket and of the gate's empty directory
                             (default: /run/twoftpd)
        --journal SOCKET     the socket of systemd's journal, which gets the log when standard error
                             is connected to the journal (default: /run/systemd/journal/socket)
        --check FILE         checks the settings in FILE and exits
        --print-settings     prints a file of all settings, with comments and defaults, and exits
        --self-test          confines each role on this kernel, attacks it, prints what holds, and
                             exits with 0 when everything holds, else with 1; only for root
        --print-command ROLE prints the arguments of java(1) that start a program, and exits; the
                             roles are monitor, gate, session, cvm, users and who
        --help, --version    prints this, or the version, and exits
      """;

  private static final Set<String> OPTIONS =
      Set.of("--config", "--home", "--runtime", "--journal", "--check", "--print-command");

  private final Map<String, String> options = new HashMap<>();

  private Main() {}

  /** See --help. */
  public static void main(String[] arguments) {
    System.exit(new Main().run(arguments));
  }

  private int run(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      String a = arguments[i];
      if (a.equals("--self-test")) {
        options.put(a, "");
        i--;
        continue;
      }
      if (a.equals("--help")) {
        System.out.print(HELP);
        return 0;
      }
      if (a.equals("--version")) {
        System.out.println("twoftpd " + Main.class.getPackage().getImplementationVersion());
        return 0;
      }
      if (a.equals("--print-settings")) {
        System.out.print(SettingsText.text());
        return 0;
      }
      if (!OPTIONS.contains(a) || i + 1 == arguments.length) {
        String what = OPTIONS.contains(a) ? " needs a value" : ": there is no such option";
        System.err.println("twoftpd-monitor: " + a + what + "\n" + HELP);
        return USAGE;
      }
      options.put(a, arguments[i + 1]);
    }
    if (options.containsKey("--self-test")) {
      return selfTest();
    }
    if (options.containsKey("--print-command")) {
      return printCommand(options.get("--print-command"));
    }
    boolean check = options.containsKey("--check");
    String file =
        check
            ? options.get("--check")
            : options.getOrDefault("--config", "/etc/twoftpd/twoftpd.conf");
    try {
      Configuration.Source source = () -> Configuration.read(file, System.getenv());
      Configuration configuration = source.read();
      if (check) {
        System.out.println(file + ": good");
        return 0;
      }
      serve(configuration, source);
      return 0;
    } catch (SettingsException e) {
      e.messages().forEach(Main::complain);
      return CONFIGURATION;
    } catch (IllegalArgumentException e) {
      complain(file + ": " + e.getMessage());
      return CONFIGURATION;
    } catch (IOException e) {
      complain("twoftpd-monitor: " + e.getMessage());
      return SYSTEM;
    }
  }

  private static void complain(String message) {
    Native.load();
    System.err.println(Journal.prefix(Event.ERROR) + message);
  }

  private int selfTest() {
    Native.load();
    if (Native.geteuid() != 0) {
      System.err.println("twoftpd-monitor: --self-test must be run as root");
      return USAGE;
    }
    try {
      return SelfTest.run(layout()) ? 0 : 1;
    } catch (IOException e) {
      System.err.println("twoftpd-monitor: --self-test: " + e);
      return SYSTEM;
    }
  }

  private int printCommand(String role) {
    Program program = Program.named(role);
    if (program == null) {
      System.err.println(
          "twoftpd-monitor: --print-command "
              + role
              + ": monitor, gate, session, cvm, users or who is allowed");
      return USAGE;
    }
    program.arguments(layout().home()).forEach(System.out::println);
    return 0;
  }

  private ChildCommands layout() {
    String home = options.getOrDefault("--home", "/usr/lib/twoftpd");
    return new ChildCommands(Path.of(home).toAbsolutePath(), false);
  }

  private void serve(Configuration configuration, Configuration.Source source) throws IOException {
    Native.load();
    Settings settings = configuration.settings();
    Capacity.check(settings.limits());
    String runtime = options.getOrDefault("--runtime", "/run/twoftpd");
    checkPlaces(runtime);
    Hardening.apply(settings.logSyscalls());
    List<Integer> sockets = sockets(settings.listen());
    GateMessage.Setup orders =
        new GateMessage.Setup(
            settings.gateUser().uid(),
            settings.gateUser().gid(),
            (runtime + "/empty").getBytes(StandardCharsets.UTF_8),
            settings.limits().maxClients());
    Journal journal =
        Journal.open(
            System.getenv(), options.getOrDefault("--journal", "/run/systemd/journal/socket"));
    TransferLog file = transferLog(settings.transferLog());
    TransferWriter transfers = file == null ? null : new TransferWriter(file, journal);
    ServiceNotify manager = ServiceNotify.fromEnvironment(System.getenv());
    ChildCommands layout = layout().loggingSyscalls(settings.logSyscalls());
    Monitor monitor =
        new Monitor(configuration, source, layout, sockets, orders, journal, transfers, manager);
    String who = runtime + "/who";
    try {
      // An earlier monitor's, if any.
      Files.deleteIfExists(Path.of(who));
      monitor.openStatusSocket(who);
    } catch (SystemCallException e) {
      throw new IOException("cannot listen on " + who + ": " + e.getMessage(), e);
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(monitor, manager, journal, transfers)));
    // A class that is first used later is unpacked and checked.  Both look for their library on the
    // disk when they are first used, and the loop must not wait for that.
    new Inflater().end();
    new CRC32().reset();
    monitor.run();
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

  /** Sockets are made in the one; what lies in the other is started. */
  private void checkPlaces(String runtime) throws IOException {
    for (String place : List.of(runtime, options.getOrDefault("--home", "/usr/lib/twoftpd"))) {
      try {
        TrustedPath.checkDirectory(place);
      } catch (IOException e) {
        throw new IOException(place + ": " + e.getMessage(), e);
      }
    }
  }

  private static TransferLog transferLog(Optional<String> path) {
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

  /** What systemd has opened, or else what the settings say. */
  private static List<Integer> sockets(ListenSettings settings) throws IOException {
    List<Integer> sockets = ListenSockets.takePassed(System.getenv());
    if (!sockets.isEmpty()) {
      return sockets;
    }
    sockets = new ArrayList<>();
    for (Endpoint a : settings.addresses()) {
      try {
        sockets.add(ListenSockets.open(a));
      } catch (SystemCallException e) {
        throw new IOException("cannot listen on " + a + ": " + e.getMessage(), e);
      }
    }
    return sockets;
  }
}
