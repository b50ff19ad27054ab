/*
 * Tests keep files that root is to trust below a directory of root's, since everybody may write /tmp.
 */
package org.twoftpd.shared.os;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes every {@code @TempDir}; junit-platform.properties names it. */
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
