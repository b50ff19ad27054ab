/*
 * Trusted with reading one file, again whenever it has changed.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/** A file of at most 16 MiB, as it is now. For one thread at a time. */
final class WatchedFile {
  private static final int SIZE_MAX = 16 << 20;

  /** Two writes within one tick of the clock that stamps files look like one. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Path path;
  private Stamp stamp;
  private byte[] content;

  /**
   * What tells one state of the file from another.
   *
   * @param settled false when a further write could leave the rest of this record as it is
   */
  private record Stamp(Object key, FileTime modified, long size, boolean settled) {
    /** As equals, which the virtual machine would make ten classes for at every start. */
    boolean matches(Stamp other) {
      return other != null
          && Objects.equals(key, other.key)
          && modified.equals(other.modified)
          && size == other.size
          && settled == other.settled;
    }
  }

  WatchedFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** What it held at the last {@link #refresh}. Not to be changed. */
  byte[] content() {
    return content;
  }

  /**
   * Reads it when it may have changed.
   *
   * @return whether its content is another than before
   * @throws IOException when it cannot be read
   */
  boolean refresh() throws IOException {
    Stamp now = stamp();
    if (now.matches(stamp) && now.settled()) {
      return false;
    }
    // Stamped before it is read: a write in between is seen the next time.
    byte[] read = read();
    stamp = now;
    if (Arrays.equals(read, content)) {
      return false;
    }
    content = read;
    return true;
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    if (!file.isRegularFile()) {
      throw new IOException(path + " is not a regular file");
    }
    Duration age = Duration.between(file.lastModifiedTime().toInstant(), Instant.now());
    return new Stamp(
        file.fileKey(), file.lastModifiedTime(), file.size(), age.abs().compareTo(TICK) > 0);
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(SIZE_MAX + 1);
      if (bytes.length > SIZE_MAX) {
        throw new IOException(path + " is larger than 16 MiB");
      }
      return bytes;
    }
  }
}
