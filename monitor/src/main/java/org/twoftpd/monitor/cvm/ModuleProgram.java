/*
 * Trusted with a path of the configuration that root will start, and with the environment that it starts in.  Refuses
 * what could be somebody else's program.
 */
package org.twoftpd.monitor.cvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.twoftpd.shared.config.CvmSettings;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.TrustedPath;

/** Checks the program of a command module, and makes its environment. */
final class ModuleProgram {
  private ModuleProgram() {}

  /**
   * Checks whether the program may be started.
   *
   * @throws IllegalArgumentException naming it and saying why it may not
   */
  static Path check(String path) {
    try {
      inspect(path);
      return Path.of(path);
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          "CVM: module cvm-command:" + path + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * The whole environment of a command module.
   *
   * @throws IllegalArgumentException naming the setting that cannot be passed on, and why
   */
  static Map<String, String> environment(CvmSettings settings) {
    Map<String, String> environment = new TreeMap<>(settings.environment());
    for (String name : environment.keySet()) {
      if (!name.matches("CVM_[A-Z0-9_]+")) {
        throw new IllegalArgumentException(
            "module setting " + name + ": a name is CVM_ and then A-Z, 0-9 or _");
      }
    }
    // If this is in its environment, even empty, a module only looks up accounts and accepts any
    // password.
    environment.remove("CVM_LOOKUP_SECRET");
    environment.put("CVM_ACCOUNT_SPLIT_CHARS", settings.accountSplitChars());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("SERVICE", settings.service());
    return environment;
  }

  /**
   * Checks the program and every directory on the way. The result still holds when the program is
   * started, since only root can change any of these.
   *
   * @throws IOException saying why it may not be started
   */
  static void inspect(String path) throws IOException {
    try (TrustedPath program = TrustedPath.find(path)) {
      Native.close(program.open(FileFlags.O_PATH, 0));
      if (!program.isExecutable()) {
        throw new IOException("it is not a program that can be started");
      }
    } catch (IOException failure) {
      throw new IOException(failure.getMessage() + "; it would run as root", failure);
    }
  }
}
