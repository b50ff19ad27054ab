package org.twoftpd.test.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The numbers of the kernel and the C library stand in shared/os, where the native test compares
 * them with the headers. A number elsewhere would be right only on the machine where it was tried.
 */
class KernelNumbersTest {
  private static final Path TOP = Path.of("..");
  private static final Path OS = TOP.resolve("shared/src/main/java/org/twoftpd/shared/os");

  /** Names as the headers have them, for numbers that shared/os does not have yet. */
  private static final Pattern HEADER_NAME =
      Pattern.compile(
          "(AF|PF|SOCK|SOL|SO|IPPROTO|TCP|IP|IPV6|MSG|SHUT|O|S|RENAME|SEEK|DT|EPOLL|PR|RLIMIT|F|CLONE"
              + "|CAP|SCM|MAP|PROT)_[A-Z0-9_]+|AT_(FDCWD|EACCESS|REMOVEDIR|EMPTY_PATH|SYMLINK_[A-Z]+)"
              + "|POLL[A-Z]+|EPOLL[A-Z]+|SIG[A-Z0-9]+|[RWXF]_OK");

  private static final Pattern LITERAL = Pattern.compile("-?0[xX][0-9a-fA-F_]+|-?[0-9][0-9_]*L?");
  private static final Pattern CONSTANT =
      Pattern.compile("\\b(int|short|long|byte) ([A-Z][A-Z0-9_]*) = ([^;]*);");
  private static final Pattern EVENTS = Pattern.compile("new short\\[\\] *\\{([^}]*)\\}");

  /** Which arguments of a call are the kernel's numbers, from 0 on. */
  private static final Map<String, int[]> CALLS =
      Map.ofEntries(
          Map.entry("Native.socket", new int[] {0, 1, 2}),
          Map.entry("Native.setsockopt", new int[] {1, 2}),
          Map.entry("Native.getsockopt", new int[] {1, 2}),
          Map.entry("Native.shutdown", new int[] {1}),
          Map.entry("Native.openat", new int[] {0, 2}),
          Map.entry("Native.statx", new int[] {0, 2}),
          Map.entry("Native.statxEach", new int[] {0, 3}),
          Map.entry("Native.unlinkat", new int[] {0, 2}),
          Map.entry("Native.renameat2", new int[] {0, 2, 4}),
          Map.entry("Native.linkat", new int[] {0, 2, 4}),
          Map.entry("Native.utimensat", new int[] {0, 4}),
          Map.entry("Native.faccessat", new int[] {0, 2}),
          Map.entry("Native.lseek", new int[] {2}),
          Map.entry("Native.setrlimit", new int[] {0}),
          Map.entry("Native.prctl", new int[] {0}),
          Map.entry("Processes.kill", new int[] {1}),
          Map.entry("Processes.watchSignal", new int[] {0}),
          Map.entry("Native.epollControl", new int[] {1, 3}),
          Map.entry("FileStatus.ofName", new int[] {0, 2}),
          Map.entry("FileStatus.ifThere", new int[] {0, 2}),
          Map.entry("TrustedPath.open", new int[] {1}),
          Map.entry(".where", new int[] {1, 2}));

  /** What shared/os has names for. */
  private static Set<String> known() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : javaFiles(OS)) {
      Matcher m =
          Pattern.compile("public static final (?:int|short) ([A-Z][A-Z0-9_]*) =")
              .matcher(Files.readString(file));
      while (m.find()) {
        names.add(m.group(1));
      }
    }
    // These are ours rather than the kernel's.
    names.removeAll(List.of("BUFFER_SIZE", "FIELDS", "FIRST", "PATH_MAX", "SOCKADDR_MAX"));
    return Set.copyOf(names);
  }

  private static List<Path> javaFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }

  /** Comments and texts may name any number. */
  private static String code(String source) {
    return source
        .replaceAll("(?s)\"\"\".*?\"\"\"", "\"\"")
        .replaceAll("\"(\\\\.|[^\"\\\\\n])*\"", "\"\"")
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .replaceAll("//[^\n]*", "");
  }

  /** Its constants that are made of numbers alone. */
  private static Map<String, String> constants(String code) {
    Map<String, String> found = new HashMap<>();
    Matcher m = CONSTANT.matcher(code);
    while (m.find()) {
      if (holdsNumber(m.group(3), Map.of())) {
        found.put(m.group(2), m.group(1));
      }
    }
    return found;
  }

  /** True when a number other than 0 stands there, or the name of a constant that is one. */
  private static boolean holdsNumber(String expression, Map<String, String> constants) {
    Matcher words = Pattern.compile("[\\w.]+").matcher(expression);
    while (words.find()) {
      String word = words.group();
      if (LITERAL.matcher(word).matches() ? !word.matches("0L?") : constants.containsKey(word)) {
        return true;
      }
    }
    return false;
  }

  /** The arguments of the call whose bracket opens at {@code from}. */
  private static List<String> arguments(String code, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int begin = from + 1;
    for (int i = from; i < code.length(); i++) {
      char c = code.charAt(i);
      if (c == '(' || c == '{' || c == '[') {
        depth++;
      } else if (c == ')' || c == '}' || c == ']') {
        depth--;
      }
      if (depth == 0 || depth == 1 && c == ',') {
        arguments.add(code.substring(begin, i).trim());
        begin = i + 1;
      }
      if (depth == 0) {
        return arguments;
      }
    }
    return arguments;
  }

  private static List<String> faults(String source, Set<String> known) {
    List<String> faults = new ArrayList<>();
    String code = code(source);
    Map<String, String> constants = constants(code);
    boolean polls = code.contains("Native.poll(") || code.contains("Native.epollControl(");
    constants.forEach((name, type) -> {
      if (known.contains(name) || HEADER_NAME.matcher(name).matches()) {
        faults.add("defines " + name);
      } else if (polls && type.equals("short")) {
        faults.add("defines an event " + name);
      }
    });
    Matcher events = EVENTS.matcher(code);
    while (polls && events.find()) {
      if (holdsNumber(events.group(1), constants)) {
        faults.add("polls for " + events.group(1));
      }
    }
    CALLS.forEach((call, positions) -> {
      Matcher m = Pattern.compile(Pattern.quote(call) + "\\(").matcher(code);
      while (m.find()) {
        List<String> arguments = arguments(code, m.end() - 1);
        for (int position : positions) {
          if (position < arguments.size() && holdsNumber(arguments.get(position), constants)) {
            faults.add(call + " is given " + arguments.get(position));
          }
        }
      }
    });
    return faults;
  }

  @Test
  void onlyTheirOwnPackageHasThem() throws IOException {
    List<String> faults = new ArrayList<>();
    int seen = 0;
    for (String module : List.of("shared", "session", "monitor")) {
      for (String kind : List.of("main", "rehearsal")) {
        Path sources = TOP.resolve(module).resolve("src").resolve(kind).resolve("java");
        for (Path file : Files.exists(sources) ? javaFiles(sources) : List.<Path>of()) {
          if (!file.startsWith(OS)) {
            seen++;
            for (String fault : faults(Files.readString(file), known())) {
              faults.add(TOP.relativize(file) + " " + fault);
            }
          }
        }
      }
    }
    assertTrue(seen > 200, () -> "not all sources were found");
    assertEquals("", String.join("\n", faults));
  }

  /** What the check must see, each in a way that once was in the sources, and what it must not. */
  @Test
  void eachWayToWriteOneIsSeen() throws IOException {
    for (String wrong :
        List.of(
            "private static final int AF_UNIX = 1;",
            "static final int SO_BROADCAST = 6;",
            "int O_LARGE = 0100000 | 040;",
            "static final int EACCES = 13;",
            "private static final short READ = 1; Native.poll(fds, events, 1, 0);",
            "Native.poll(new int[] {fd}, new short[] {4}, 1, 0);",
            "static final int STREAM = 1; Native.socket(where.domain(), STREAM, 0);",
            "Native.socket(1, SocketFlags.SOCK_STREAM, 0)",
            "Native.openat(-100, name(a, b), flags, 0)",
            "Native.openat(directory, new byte[] {1, 2}, flags | 0x200000, 0600)",
            "Processes.kill(Native.getpid(), 9)",
            "static final int ADD = 1; Native.epollControl(epoll, ADD, fd, events)",
            "SyscallRule.of(FCNTL).where(1, 1030)",
            "static final int FLAGS = 02004000; rule.where(1, ~FLAGS, type)")) {
      assertEquals(1, faults(wrong, known()).size(), wrong);
    }
    for (String right :
        List.of(
            "private static final int BACKLOG = 8; Native.listen(fd, BACKLOG);",
            "Native.openat(directory, path, FileFlags.O_RDONLY, 0600)",
            "Processes.kill(pid, 0)",
            "Native.mkdirat(directory, name, 0755)",
            "SyscallRule.of(SOCKET).where(2, 0)",
            "private static final short STAR = 257;",
            "int FLAGS = SOCK_CLOEXEC | SOCK_NONBLOCK; rule.where(1, ~FLAGS, type)",
            "// Processes.kill(pid, 9)\n\"Processes.kill(pid, 9)\"")) {
      assertEquals(List.of(), faults(right, known()), right);
    }
  }
}
