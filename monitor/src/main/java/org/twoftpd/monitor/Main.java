/*
 * Trusted with root, for as long as it takes to read the command line and the settings.
 */
package org.twoftpd.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.process.Program;
import org.twoftpd.monitor.start.Configuration;
import org.twoftpd.monitor.start.SelfTest;
import org.twoftpd.monitor.start.SettingsText;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.os.Native;

/** The command line of the program twoftpd-monitor. */
public final class Main {
  /** EX_USAGE, EX_CONFIG and EX_OSERR of sysexits.h. */
  private static final int USAGE = 64;

  private static final int CONFIGURATION = 78;
  private static final int SYSTEM = 71;

  private static final String HELP =
      """
      usage: twoftpd-monitor [--config FILE] [--home DIRECTORY] [--runtime DIRECTORY] [--journal SOCKET]
             twoftpd-monitor --check FILE
             twoftpd-monitor --print-settings
             twoftpd-monitor --self-test [--home DIRECTORY]
             twoftpd-monitor --print-command ROLE [--home DIRECTORY]
             twoftpd-monitor --make-certificate FILE [--names NAME,...]

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
        --make-certificate FILE
                             writes a key and a self-signed certificate into FILE, for TLS_CERT, and
                             exits; keeps a file that is there, unless it was made so and runs out
        --names NAME,...     the names and addresses of the certificate (default: the name of the host)
        --help, --version    prints this, or the version, and exits
      """;

  private static final Set<String> OPTIONS =
      Set.of(
          "--config",
          "--home",
          "--runtime",
          "--journal",
          "--check",
          "--print-command",
          "--make-certificate",
          "--names");

  private final Map<String, String> options = new HashMap<>();

  private Main() {}

  /** Runs the program; --help tells its arguments. */
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
        System.out.println("twoftpd " + version());
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
    if (options.containsKey("--make-certificate")) {
      return makeCertificate(options.get("--make-certificate"), options.get("--names"));
    }
    if (options.containsKey("--check")) {
      return useSettings(options.get("--check"), true);
    }
    return useSettings(options.getOrDefault("--config", "/etc/twoftpd/twoftpd.conf"), false);
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** Reads the settings, and serves with them unless they are only to be checked. */
  private int useSettings(String file, boolean checkOnly) {
    try {
      Configuration.Source source = () -> Configuration.read(file, System.getenv());
      Configuration configuration = source.read();
      if (checkOnly) {
        configuration.checkTimes(file);
        configuration.tls().expiring(Instant.now()).forEach(System.out::println);
        System.out.println(file + ": good");
        return 0;
      }
      Configuration.Source checked =
          () -> {
            Configuration c = source.read();
            c.checkTimes(file);
            return c;
          };
      new Service(
              configuration,
              checked,
              home(),
              absolute(options.getOrDefault("--runtime", "/run/twoftpd")),
              absolute(options.getOrDefault("--journal", "/run/systemd/journal/socket")))
          .run();
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
      return SelfTest.run(commands()) ? 0 : 1;
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
    program.arguments(commands().home()).forEach(System.out::println);
    return 0;
  }

  private static int makeCertificate(String file, String names) {
    Native.load();
    try {
      System.out.println(
          OwnCertificate.make(
              Path.of(file),
              names == null ? List.of(OwnCertificate.hostName()) : List.of(names.split(",")),
              Instant.now()));
      return 0;
    } catch (IOException e) {
      System.err.println("twoftpd-monitor: --make-certificate " + file + ": " + e.getMessage());
      return SYSTEM;
    }
  }

  private String home() {
    return options.getOrDefault("--home", "/usr/lib/twoftpd");
  }

  /** A socket has an absolute path, whatever directory a program that asks for it works in. */
  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().toString();
  }

  private ChildCommands commands() {
    return new ChildCommands(Path.of(home()).toAbsolutePath(), false);
  }
}
