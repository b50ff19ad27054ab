package org.twoftpd.cvm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.TrustedPath;

/**
 * A file of at most 16 MiB, which is read again whenever it has changed. Only one thread at a time
 * may use it.
 */
final class WatchedFile {
  private static final int SIZE_MAX = 16 << 20;
  private static final int BLOCK = 16 << 10;

  /** Two writes within one tick of the file system's clock give the file the same time. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Path path;
  private Stamp stamp;
  private byte[] content;

  /**
   * What shows that the file has changed.
   *
   * @param settled false when a further write could leave the rest of this record as it is
   */
  private record Stamp(long device, long inode, Instant modified, long size, boolean settled) {
    /** Like equals, for which the virtual machine would generate ten classes at every start. */
    boolean matches(Stamp other) {
      return other != null
          && device == other.device
          && inode == other.inode
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

  /** False when nothing has that name. */
  boolean isThere() throws IOException {
    try (TrustedPath p = TrustedPath.find(path.toString())) {
      return p.exists();
    }
  }

  /** The content at the last {@link #refresh}; the caller must not change it. */
  byte[] content() {
    return content;
  }

  /**
   * Reads the file if it may have changed.
   *
   * @return whether the content is different now
   * @throws IOException when it cannot be read
   */
  boolean refresh() throws IOException {
    byte[] read;
    int fd = open();
    try {
      Stamp now = stamp(fd);
      if (now.matches(stamp) && now.settled()) {
        return false;
      }
      // The stamp is older than the content, so a write in between is noticed the next time.
      read = read(fd);
      stamp = now;
    } finally {
      Native.close(fd);
    }
    if (Arrays.equals(read, content)) {
      return false;
    }
    content = read;
    return true;
  }

  /**
   * Opens the file. Its content decides which uids sessions get, so each time it is checked that
   * nobody else could have written it.
   */
  private int open() throws IOException {
    try {
      return TrustedPath.open(path.toString(), FileFlags.O_RDONLY, 0);
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private static Stamp stamp(int fd) throws SystemCallException {
    FileStatus s = FileStatus.ofDescriptor(fd);
    Instant modified = Instant.ofEpochSecond(s.modified(), s.modifiedNanos());
    Duration age = Duration.between(modified, Instant.now());
    return new Stamp(s.device(), s.inode(), modified, s.size(), age.abs().compareTo(TICK) > 0);
  }

  private byte[] read(int fd) throws IOException {
    byte[] bytes = new byte[BLOCK];
    int length = 0;
    while (length <= SIZE_MAX) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      int n = Native.read(fd, bytes, length, Math.min(BLOCK, bytes.length - length));
      if (n == -Errno.EINTR) {
        continue;
      }
      if (SystemCallException.check(n) == 0) {
        return Arrays.copyOf(bytes, length);
      }
      length += n;
    }
    throw new IOException(path + " is larger than 16 MiB");
  }
}
