package org.twoftpd.test.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the sources, for tests that read them. */
public final class Checkout {
  private Checkout() {}

  /** The directory with README.md and the modules; Maven starts tests somewhere below it. */
  public static Path top() {
    Path top = Path.of("").toAbsolutePath();
    while (!Files.exists(top.resolve("shared/pom.xml"))) {
      top = top.getParent();
    }
    return top;
  }
}
