/*
 * Trusted with what root may look at: what one session process is doing, as the kernel tells it.  Nothing is asked of the
 * session, so it cannot lie.
 */
package org.twoftpd.who;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A session's entry in proc(5). */
final class SessionView {
  private static final int O_ACCMODE = 3;

  private final Path directory;

  /**
   * @param proc /proc
   */
  SessionView(Path proc, int pid) {
    this.directory = proc.resolve(Integer.toString(pid));
  }

  /** The user id, or -1 when the process is gone. */
  int uid() {
    String line = line("status", "Uid:");
    return line == null ? -1 : Integer.parseUnsignedInt(line.strip().split("\\s+", -1)[0]);
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
          return (writes ? "receives " : "sends ") + printable(target);
        }
      }
    } catch (IOException _) {
      return "gone";
    }
    return "idle";
  }

  /** Whether its program is that of a session. */
  boolean isSession() {
    try {
      return Files.readSymbolicLink(directory.resolve("exe")).endsWith("bin/twoftpd-session");
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

  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(c < ' ' || c >= 0x7f && c < 0xa0 ? '?' : c);
    }
    return safe.toString();
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
