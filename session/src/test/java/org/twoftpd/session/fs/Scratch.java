package org.twoftpd.session.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A directory of a test's own. Its methods take names as ISO 8859-1 text, so that a test can give
 * every byte.
 */
public final class Scratch implements AutoCloseable {
  public static final int USER = 54_321;

  private final Path root;

  public Scratch() throws IOException {
    root = Files.createTempDirectory("twoftpd-fs").toRealPath();
    run("chmod", "755", root.toString());
  }

  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  public static VirtualPath path(String text) throws IOException {
    return VirtualPath.ROOT.resolve(bytes(text));
  }

  public String root() {
    return root.toString();
  }

  public String at(String name) {
    return root + "/" + name;
  }

  public byte[] bytesAt(String name) {
    return bytes(at(name));
  }

  public void directory(String name) {
    check(Native.mkdirat(FileFlags.AT_FDCWD, bytesAt(name), 0755));
  }

  public void file(String name, String content) {
    int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT;
    int fd = check(Native.openat(FileFlags.AT_FDCWD, bytesAt(name), flags, 0644));
    byte[] data = bytes(content);
    check(Native.write(fd, data, 0, data.length));
    Native.close(fd);
  }

  String content(String name) {
    int fd = check(Native.openat(FileFlags.AT_FDCWD, bytesAt(name), FileFlags.O_RDONLY, 0));
    byte[] data = new byte[65_536];
    int length = check(Native.read(fd, data, 0, data.length));
    Native.close(fd);
    return new String(data, 0, length, ISO_8859_1);
  }

  boolean exists(String name) {
    return statx(name) != null;
  }

  /** Asks what has a name, and does not follow links; null when there is no such file. */
  public FileStatus statx(String name) {
    try {
      return FileStatus.ifThere(FileFlags.AT_FDCWD, bytesAt(name), FileFlags.AT_SYMLINK_NOFOLLOW);
    } catch (SystemCallException e) {
      throw new AssertionError(e);
    }
  }

  public void chmod(String name, int mode) {
    check(Native.fchmodat(FileFlags.AT_FDCWD, bytesAt(name), mode));
  }

  public void touch(String name, long seconds) {
    check(Native.utimensat(FileFlags.AT_FDCWD, bytesAt(name), seconds, 0, 0));
  }

  public void link(String name, String target) throws IOException {
    Files.createSymbolicLink(Path.of(at(name)), Path.of(target));
  }

  public void fifo(String name) throws IOException {
    run("mkfifo", at(name));
  }

  public void socket(String name) {
    byte[] address = new byte[110];
    byte[] path = bytesAt(name);
    address[0] = 1;
    System.arraycopy(path, 0, address, 2, path.length);
    int fd = check(Native.socket(1, 1, 0));
    check(Native.bind(fd, address));
    Native.close(fd);
  }

  public void chown(String name, int user) throws IOException {
    run("chown", "-h", user + ":" + user, at(name));
  }

  private static int check(int result) {
    if (result < 0) {
      throw new AssertionError(Errno.message(-result));
    }
    return result;
  }

  public static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A part of a test that runs without root's rights. */
  public interface Task {
    void run() throws IOException;
  }

  /** Runs a task as {@link #USER} and takes root's rights back. */
  public static void asUser(Task task) throws IOException {
    check(Native.setresgid(-1, USER, -1));
    check(Native.setresuid(-1, USER, -1));
    try {
      task.run();
    } finally {
      check(Native.setresuid(-1, 0, -1));
      check(Native.setresgid(-1, 0, -1));
    }
  }

  /**
   * Counts the descriptors of this process in the directory, so that a test can show that none is
   * left.
   */
  public int descriptors() {
    int count = 0;
    byte[] target = new byte[4096];
    for (String fd : new java.io.File("/proc/self/fd").list()) {
      int length = Native.readlinkat(FileFlags.AT_FDCWD, bytes("/proc/self/fd/" + fd), target);
      if (length > 0 && text(target).substring(0, length).startsWith(root.toString())) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    run("rm", "-rf", "--", root.toString());
  }
}
