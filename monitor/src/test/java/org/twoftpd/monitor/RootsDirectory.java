/*
 * Where tests keep files that root is to trust: a temporary directory that everybody may write is none of those places.
 */
package org.twoftpd.monitor;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;
import org.twoftpd.shared.os.Native;

/** Every {@code @TempDir}, by junit-platform.properties. */
final class RootsDirectory implements TempDirFactory {
  private static final Path OURS = Path.of("/var/lib/twoftpd-test/unit");

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
      throws Exception {
    if (Native.geteuid() != 0) {
      return Files.createTempDirectory("junit-");
    }
    return Files.createTempDirectory(Files.createDirectories(OURS), "");
  }
}
