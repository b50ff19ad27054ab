package org.twoftpd.test.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a chain is to be started. */
public final class ChainOptions {
  private static final int FIRST_UID = 64101;

  final List<String> arguments = new ArrayList<>();
  final Map<String, Chain.User> users = new HashMap<>();
  final Map<String, String> environment = new HashMap<>();
  final List<String> before = new ArrayList<>();
  final Path directory;
  private int next = FIRST_UID;

  ChainOptions() {
    try {
      // Root reads nothing that lies below a directory that others may write, such as /tmp.
      directory =
          Files.createTempDirectory(
              Files.createDirectories(Chain.PLACE),
              "it",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A setting of the configuration. */
  public ChainOptions set(String name, String value) {
    arguments.addAll(List.of("--set", name + "=" + value));
    return this;
  }

  /** A variable of the environment that the monitor is started with. */
  public ChainOptions environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** A command that starts test/try, setpriv(1) say. */
  public ChainOptions startedBy(String... command) {
    before.addAll(List.of(command));
    return this;
  }

  /** Any option of test/try. */
  public ChainOptions with(String option, String value) {
    arguments.addAll(List.of(option, value));
    return this;
  }

  /**
   * Has another main class run in each session, which is to go on to the session's own; it needs no
   * other class of the tests.
   */
  public ChainOptions sessionMain(Class<?> main) throws IOException {
    Path classes = directory.resolve("classes");
    Path file = classes.resolve(main.getName().replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    try (InputStream in = main.getResourceAsStream(main.getSimpleName() + ".class")) {
      Files.copy(in, file);
    }
    Path program = directory.resolve("twoftpd-session");
    // The monitor's command, with that class behind the session's own and as the main class.
    Files.writeString(
        program,
        """
        #!/bin/bash
        n=$#
        exec -a twoftpd-session %s "${@:1:n-3}" -cp "${@:n-1:1}:%s" %s
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin/java"), classes, main.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return with("--program", "session=" + program);
  }

  /** An account with a home of its own, below a directory that only root can list. */
  public ChainOptions user(String name) {
    return user(name, "/bin/sh");
  }

  /** An account with that shell. */
  public ChainOptions user(String name, String shell) {
    return user(name, shell, directory.resolve(name));
  }

  /** An account with that home, which is made when it is missing. */
  public ChainOptions user(String name, String shell, Path home) {
    int uid = next++;
    Chain.User u = new Chain.User(name, "pw-" + name, uid, home);
    users.put(name, u);
    return with(
        "--account",
        String.join(":", name, u.password(), "" + uid, "" + uid, home.toString(), shell));
  }

  /** Where homes are made. */
  public Path directory() {
    return directory;
  }

  /** Starts it. */
  public Chain start() throws IOException {
    return new Chain(this);
  }
}
