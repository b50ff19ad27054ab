package org.twoftpd.test.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** The clock of the day of a chain's gate and sessions, which a test moves while they run. */
public final class MovedClock {
  private final Path file;

  private MovedClock(Path file) {
    this.file = file;
  }

  /** Gives a chain that is not started yet such a clock, which is right so far. */
  public static MovedClock of(ChainOptions chain) throws IOException {
    Path directory = chain.directory();
    MovedClock clock = new MovedClock(directory.resolve("ahead"));
    clock.moveAhead(Duration.ZERO);
    Path library = directory.resolve("clock.so");
    SharedLibrary.compile(
        Path.of(System.getProperty("twoftpd.attack")).resolveSibling("clock.c"), library);
    for (String role : new String[] {"gate", "session"}) {
      Path program = directory.resolve("twoftpd-" + role);
      Files.writeString(
          program,
          """
          #!/bin/bash
          export TEST_CLOCK=%s LD_PRELOAD=%s
          exec -a twoftpd-%s "${0%%/*}/java" "$@"
          """
              .formatted(clock.file, library, role));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      chain.with("--program", role + "=" + program);
    }
    return clock;
  }

  /** From now on it is ahead of the right one by so much. */
  public void moveAhead(Duration time) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    b.putLong(0, time.toSeconds());
    // In its place: the processes have the file mapped.
    Files.write(file, b.array(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
