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

/** The users file, as it is now. Any number of threads may ask at once. */
final class UsersFile {
  private static final int SIZE_MAX = 16 << 20;

  /** Two writes within one tick of the clock that stamps files look like one. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Path path;
  private Stamp stamp;
  private Users users;

  /**
   * What tells one state of the file from another.
   *
   * @param settled false when a further write could leave the rest of this record as it is
   */
  private record Stamp(Object key, FileTime modified, long size, boolean settled) {}

  UsersFile(Path path) {
    this.path = path;
  }

  /**
   * The accounts.
   *
   * @throws IOException when the file cannot be read; the accounts of before are not kept, since
   *     taking a file away must shut its users out
   */
  synchronized Users current() throws IOException {
    Stamp now = stamp();
    if (!now.equals(stamp) || !now.settled()) {
      // Stamped before it is read: a write in between is seen the next time.
      users = new Users(read(), complaint -> Log.warning("users file " + path + " " + complaint));
      if (!now.equals(stamp)) {
        Log.info("users file " + path + ": " + users.size() + " accounts");
      }
      stamp = now;
    }
    return users;
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
      byte[] content = in.readNBytes(SIZE_MAX + 1);
      if (content.length > SIZE_MAX) {
        throw new IOException(path + " is larger than 16 MiB");
      }
      return content;
    }
  }
}
