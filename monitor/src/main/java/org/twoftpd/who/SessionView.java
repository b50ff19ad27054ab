/*
 * Trusted with what root may look at: what one session process is doing, as the kernel tells it.  Nothing is asked of the
 * session, so it cannot lie.
 */
package org.twoftpd.who;

import static org.twoftpd.shared.os.FileFlags.O_ACCMODE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.text.SafeText;

/** A session's entry in proc(5). */
final class SessionView {
  private static final String SOCKET = "socket:[";
  private static final String[] TABLES = {"net/tcp", "net/tcp6"};

  /** Fields of a line of these tables. */
  private static final int REMOTE = 2;

  private static final int INODE = 9;

  private final Path directory;

  /**
   * @param proc /proc
   */
  SessionView(Path proc, int pid) {
    this.directory = proc.resolve(Integer.toString(pid));
  }

  /** The user id, or -1 when the process is gone. */
  long uid() {
    String line = line("status", "Uid:");
    return line == null ? -1 : Long.parseLong(line.strip().split("\\s+", -1)[0]);
  }

  /** Bytes that it has read and written in all; proc(5), io. 0 when that cannot be told. */
  long moved() {
    String read = line("io", "rchar:");
    String written = line("io", "wchar:");
    return read == null || written == null
        ? 0
        : Math.max(Long.parseLong(read.strip()), Long.parseLong(written.strip()));
  }

  /** What it does with a file: {@code sends PATH}, {@code receives PATH}, or {@code idle}. */
  String doing() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.resolve("fd"))) {
      for (Path fd : all) {
        String target = Files.readSymbolicLink(fd).toString();
        // The program's own files are open too, below its home.
        if (Files.isRegularFile(fd) && !isProgram(target)) {
          String flags = line("fdinfo/" + fd.getFileName(), "flags:");
          boolean writes = flags != null && (Integer.parseInt(flags.strip(), 8) & O_ACCMODE) != 0;
          return (writes ? "receives " : "sends ") + SafeText.mask(target);
        }
      }
    } catch (IOException _) {
      return "gone";
    }
    return "idle";
  }

  /**
   * The address of its client. The control connection is the first TCP socket that a session gets,
   * so it has the lowest descriptor.
   *
   * @return {@code -} when that cannot be told
   */
  String peer() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.resolve("fd"))) {
      TreeMap<Integer, String> inodes = new TreeMap<>();
      for (Path fd : all) {
        String target = Files.readSymbolicLink(fd).toString();
        if (target.startsWith(SOCKET)) {
          inodes.put(
              Integer.parseInt(fd.getFileName().toString()),
              target.substring(SOCKET.length(), target.length() - 1));
        }
      }
      for (String inode : inodes.values()) {
        for (String table : TABLES) {
          String remote = remote(directory.resolve(table), inode);
          if (remote != null) {
            return remote;
          }
        }
      }
    } catch (IOException _) {
      // It has ended meanwhile.
    }
    return "-";
  }

  /** The remote address of the socket with that inode, or null; proc(5), net/tcp. */
  private static String remote(Path table, String inode) throws IOException {
    for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      String[] f = line.strip().split("\\s+", -1);
      if (f.length > INODE && f[INODE].equals(inode)) {
        return address(f[REMOTE].substring(0, f[REMOTE].indexOf(':')));
      }
    }
    return null;
  }

  /** An address in words of 32 bits, in hexadecimal, each in the order of the machine. */
  static String address(String hex) {
    byte[] b = new byte[hex.length() / 2];
    ByteBuffer words = ByteBuffer.wrap(b).order(ByteOrder.nativeOrder());
    for (int i = 0; i < hex.length(); i += 2 * Integer.BYTES) {
      words.putInt(Integer.parseUnsignedInt(hex.substring(i, i + 2 * Integer.BYTES), 16));
    }
    return new Endpoint(b, 0, 0).host();
  }

  /** Whether its program is that of a session. */
  boolean isSession() {
    return runs(directory, "twoftpd-session");
  }

  /** Whether its monitor still runs, of this service or of another instance. */
  boolean isServed() {
    String parent = line("status", "PPid:");
    return parent != null && runs(directory.resolveSibling(parent.strip()), "twoftpd-monitor");
  }

  /** Whether it is a session, no spare, that has outlived its monitor. */
  boolean isEarlier() {
    return isSession() && uid() > 0 && !isServed();
  }

  /** An upgrade has put another file where the program was; then the kernel says so behind it. */
  private static boolean runs(Path process, String program) {
    try {
      String file = Files.readSymbolicLink(process.resolve("exe")).toString();
      return file.endsWith("/bin/" + program) || file.endsWith("/bin/" + program + " (deleted)");
    } catch (IOException _) {
      return false;
    }
  }

  private boolean isProgram(String target) throws IOException {
    Path program = Files.readSymbolicLink(directory.resolve("exe"));
    Path home = program.getParent() == null ? null : program.getParent().getParent();
    Path top = home == null ? null : home.getParent();
    return top != null && target.startsWith(top + "/");
  }

  private String line(String file, String key) {
    try {
      return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1)
          .lines()
          .filter(l -> l.startsWith(key))
          .map(l -> l.substring(key.length()))
          .findFirst()
          .orElse(null);
    } catch (IOException _) {
      return null;
    }
  }
}
