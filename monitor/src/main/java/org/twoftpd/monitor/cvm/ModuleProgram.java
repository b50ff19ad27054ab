/*
 * Trusted with a path of the configuration that root will start.  Refuses what could be somebody else's program.
 */
package org.twoftpd.monitor.cvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** The program of a command module. */
final class ModuleProgram {
  private ModuleProgram() {}

  /**
   * The program, when it may be started.
   *
   * @throws IllegalArgumentException naming it and saying why it may not
   */
  static Path check(String path) {
    Path program = Path.of(path);
    try {
      PosixFileAttributes file = Files.readAttributes(program, PosixFileAttributes.class);
      if (!file.isRegularFile() || !Files.isExecutable(program)) {
        throw wrong(path, "it is not a program that can be started");
      }
      Set<PosixFilePermission> permissions = file.permissions();
      if (!Files.getAttribute(program, "unix:uid").equals(0)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw wrong(path, "it would run as root, so only root may be able to write it");
      }
    } catch (IOException failure) {
      throw wrong(path, "it cannot be looked at: " + failure);
    }
    return program;
  }

  private static IllegalArgumentException wrong(String path, String why) {
    return new IllegalArgumentException("CVM: module cvm-command:" + path + ": " + why);
  }
}
