/*
 * Trusted with everybody's password hash, as root: changes the users file so that whoever reads it finds the old one or
 * the new one, whole, whatever happens in between.
 */
package org.twoftpd.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.TrustedPath;

/** The users file, opened for a change. One at a time, for all processes of this program. */
final class UsersEditor implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int AGAIN_MILLIS = 20;

  private final Path file;
  private final FileChannel lockFile;

  private UsersEditor(Path file, FileChannel lockFile) {
    this.file = file;
    this.lockFile = lockFile;
  }

  /**
   * Waits for the lock.
   *
   * @throws IOException when it is not there after 10 seconds, or the directory cannot be written
   */
  static UsersEditor open(Path users) throws IOException {
    Path file = trusted(users);
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            lock,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (tryLock(channel) == null) {
        if (System.nanoTime() - end > 0) {
          throw new IOException(file + " is being changed by another process");
        }
        Thread.sleep(AGAIN_MILLIS);
      }
      return new UsersEditor(file, channel);
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The file without links on the way. Whoever may write a directory there would be who decides
   * what accounts there are; since nobody but root may, names mean the same from here on.
   */
  private static Path trusted(Path file) throws IOException {
    try (TrustedPath p = TrustedPath.find(file.toString())) {
      if (p.exists()) {
        Native.close(p.open(FileFlags.O_RDONLY, 0));
      }
      return Path.of(p.resolved());
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /** The lines, without their ends; none when there is no file yet. */
  List<String> lines() throws IOException {
    return lines(file);
  }

  /** The same for who only looks. */
  static List<String> lines(Path users) throws IOException {
    Path file = trusted(users);
    if (!Files.exists(file)) {
      return new ArrayList<>();
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  /** Replaces the file. It keeps its owner, group and permissions. */
  void write(List<String> lines) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        StringBuilder text = new StringBuilder();
        lines.forEach(l -> text.append(l).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        likeBefore(fresh);
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private void likeBefore(Path fresh) throws IOException {
    if (Files.exists(file)) {
      copy(fresh, "unix:gid");
      copy(fresh, "unix:uid");
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
    }
  }

  private void copy(Path fresh, String attribute) throws IOException {
    Files.setAttribute(fresh, attribute, Files.getAttribute(file, attribute));
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
