package org.twoftpd.who;

import static org.twoftpd.shared.os.FileFlags.O_ACCMODE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.twoftpd.shared.text.SafeText;

/**
 * What proc(5) shows of a session. Only the kernel is asked, so a session that has been taken over
 * cannot lie about itself.
 */
final class SessionView {
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

  /**
   * Bytes that it has read or written so far, whichever is more; proc(5), io. 0 when that cannot be
   * told.
   */
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
        // The files of the program itself are open too.
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

  /** The address of its client, or {@code -} when that cannot be told. */
  String peer() {
    return ClientAddress.of(directory);
  }

  /** Whether the process runs the program of a session. */
  boolean isSession() {
    return runs(directory, "twoftpd-session");
  }

  /** Whether the monitor that started it still runs, be it of this service or of another. */
  boolean isServed() {
    String parent = line("status", "PPid:");
    return parent != null && runs(directory.resolveSibling(parent.strip()), "twoftpd-monitor");
  }

  /** Whether it is a session that has outlived its monitor; a spare still has uid 0. */
  boolean isEarlier() {
    return isSession() && uid() > 0 && !isServed();
  }

  /** After an upgrade the file of the program is another one, and the kernel adds "(deleted)". */
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
