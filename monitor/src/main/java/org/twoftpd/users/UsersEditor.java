/*
 * Trusted with everybody's password hash, as root.  Replaces the users file in one step: whoever reads it finds either the old file or
 * the new one, complete, even after a crash or a power cut.
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

/** The users file, locked for a change: only one process of this program has it at a time. */
final class UsersEditor implements AutoCloseable {
  private static final long LOCK_TIMEOUT_NANOS = 10_000_000_000L;
  private static final int LOCK_RETRY_MILLIS = 20;

  private final Path file;
  private final FileChannel lockFile;

  private UsersEditor(Path file, FileChannel lockFile) {
    this.file = file;
    this.lockFile = lockFile;
  }

  /**
   * Locks the file, waiting for another process that has it.
   *
   * @throws IOException when the lock cannot be had within 10 seconds, or the directory cannot be
   *     written
   */
  static UsersEditor open(Path users) throws IOException {
    Path file = resolveTrusted(users);
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            lock,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      long end = System.nanoTime() + LOCK_TIMEOUT_NANOS;
      while (tryLock(channel) == null) {
        if (System.nanoTime() - end > 0) {
          throw new IOException(file + " is being changed by another process");
        }
        Thread.sleep(LOCK_RETRY_MILLIS);
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
   * Resolves the path and checks that only root can write to the file and to every directory on the
   * way. Anybody else who could would decide which accounts there are. Since nobody else can, the
   * path cannot come to mean another file between this check and a later use.
   */
  private static Path resolveTrusted(Path file) throws IOException {
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

  /** The lines without their line feeds, one byte in each char; none when there is no file yet. */
  List<String> lines() throws IOException {
    return lines(file);
  }

  /** Reads the lines without locking the file, for a caller that changes nothing. */
  static List<String> lines(Path users) throws IOException {
    Path file = resolveTrusted(users);
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
        copyOwnerAndMode(fresh);
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

  private void copyOwnerAndMode(Path fresh) throws IOException {
    if (Files.exists(file)) {
      copyAttribute(fresh, "unix:gid");
      copyAttribute(fresh, "unix:uid");
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
    }
  }

  private void copyAttribute(Path fresh, String attribute) throws IOException {
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
