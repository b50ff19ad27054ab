/*
 * Libraries in C that tests have processes load.
 */
package org.twoftpd.test.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A library in C. */
public final class SharedLibrary {
  private SharedLibrary() {}

  /**
   * Compiles a library.
   *
   * @param options of cc(1), beside those that every library has
   */
  public static void compile(Path source, Path library, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("cc", "-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", library.toString(), source.toString()));
    Process cc = new ProcessBuilder(command).inheritIO().start();
    try {
      if (!cc.waitFor(60, TimeUnit.SECONDS) || cc.exitValue() != 0) {
        throw new IOException("cc cannot compile " + source);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
