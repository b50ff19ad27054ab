/*
 * The home that the rows of conformance.txt begin with, and what has become of it.
 */
package org.twoftpd.test.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.twoftpd.test.harness.Chain;

/** A home directory that is made, looked at and made again. */
final class ConformanceHome {
  private static final FileTime THEN = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
  private static final long BIG = 64L << 20;

  private final Path home;
  private final int uid;
  private Map<String, State> made;

  /** Everything about one file that a row can change. */
  record State(String kind, String mode, String content, FileTime time) {
    String shown() {
      String usual = kind.equals("/") ? "rwxr-xr-x" : "rw-r--r--";
      return (mode.equals(usual) ? "" : " " + mode)
          + (content == null ? "" : " = \"" + content + "\"");
    }
  }

  ConformanceHome(Chain.User user) {
    home = user.home();
    uid = user.uid();
  }

  /** Makes the home as each row finds it; does nothing when it is so already. */
  void make() throws IOException, InterruptedException {
    if (made != null && made.equals(look())) {
      return;
    }
    try (Stream<Path> there = Files.list(home)) {
      for (Path p : there.toList()) {
        deleteTree(p);
      }
    }
    file("f", "0123456789", "rw-r--r--");
    file("t", "a\nb\n", "rw-r--r--");
    file("dos", "a\r\nb\r\n", "rw-r--r--");
    file("shut", "", "---------");
    for (String d : new String[] {"sub", "empty", "blind", "closed"}) {
      Files.createDirectory(home.resolve(d));
    }
    file("sub/g", "g", "rw-r--r--");
    permit("blind", "--x--x--x");
    permit("closed", "r--r--r--");
    try (var big =
        Files.newByteChannel(
            home.resolve("big"),
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE,
            java.nio.file.StandardOpenOption.SPARSE)) {
      big.position(BIG - 1).write(java.nio.ByteBuffer.wrap(new byte[1]));
    }
    run("mkfifo", home.resolve("fifo").toString());
    Files.createSymbolicLink(home.resolve("link"), Path.of("f"));
    Files.createSymbolicLink(home.resolve("linked"), Path.of("sub"));
    Files.createSymbolicLink(home.resolve("lost"), Path.of("nowhere"));
    run("chown", "-R", "-h", uid + ":" + uid, home.toString());
    for (String name : new String[] {"f", "t", "dos", "shut", "sub/g"}) {
      Files.setLastModifiedTime(home.resolve(name), THEN);
    }
    made = look();
  }

  private void file(String name, String content, String mode) throws IOException {
    Files.writeString(home.resolve(name), content);
    permit(name, mode);
  }

  private void permit(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString(mode));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " has failed");
    }
  }

  private static void deleteTree(Path top) throws IOException {
    if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> inside = Files.list(top)) {
        for (Path p : inside.toList()) {
          deleteTree(p);
        }
      }
    }
    Files.delete(top);
  }

  /** The state of each file by its path; the paths of directories end with a slash. */
  Map<String, State> look() throws IOException {
    Map<String, State> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      all.filter(p -> !p.equals(home))
          .forEach(p -> {
            State s = state(p);
            found.put(home.relativize(p) + (s.kind.equals("/") ? "/" : ""), s);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return found;
  }

  private static State state(Path p) {
    try {
      PosixFileAttributes a =
          Files.readAttributes(p, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String mode = PosixFilePermissions.toString(a.permissions());
      if (a.isDirectory()) {
        return new State("/", mode, null, null);
      } else if (a.isSymbolicLink()) {
        return new State("->", mode, Files.readSymbolicLink(p).toString(), null);
      } else if (a.isOther()) {
        return new State("other", mode, null, null);
      }
      String content = a.size() == BIG ? "big" : Files.readString(p, StandardCharsets.ISO_8859_1);
      return new State("file", mode, content, a.lastModifiedTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The difference in the words of conformance.txt; "-" when there is none. */
  static String effect(Map<String, State> before, Map<String, State> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<String> said = new ArrayList<>();
    for (String name : names) {
      State was = before.get(name);
      State is = after.get(name);
      if (was == null) {
        said.add("+ " + name + is.shown());
      } else if (is == null) {
        said.add("- " + name);
      } else if (!is.equals(was)) {
        said.add(name + change(was, is));
      }
    }
    return said.isEmpty() ? "-" : String.join(", ", said);
  }

  private static String change(State was, State is) {
    String mode = is.mode.equals(was.mode) ? "" : " " + is.mode;
    if (is.content != null && !is.content.equals(was.content)) {
      return mode + " = \"" + is.content + "\"";
    }
    boolean touched = is.time != null && !is.time.equals(was.time);
    return mode
        + (touched ? " time " + STAMP.format(is.time.toInstant().atOffset(ZoneOffset.UTC)) : "");
  }
}
