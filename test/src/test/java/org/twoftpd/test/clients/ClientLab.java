/*
 * What the tests of clients share: a running chain, a directory to work in, trees of files, and the commands that clients
 * have sent.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** A chain on 127.0.0.1 and ::1 with the account alice, for all classes that ask for it. */
public final class ClientLab implements AutoCloseable {
  /** Names that a file system takes and that clients stumble over. */
  private static final String[] ODD = {
    " leading",
    "trailing ",
    "tab\there",
    "percent%20",
    "with space",
    "-dash",
    "--",
    "quote\"",
    "single'",
    "back\\slash",
    "star*",
    "quest?",
    "br[ack]et",
    "umlaut-\u00fc",
    "kanji-\u6f22\u5b57",
    "semi;colon",
    "hash#",
    "amp&",
    "dollar$HOME",
    "tilde~",
    "paren(1)",
    "comma,",
    "colon:",
    "pipe|",
    "plus+",
    "equals=",
    "at@",
    "exclam!",
    "brace{a,b}",
    "caret^",
    ".hidden",
    "..double",
    "dot.",
    "\u00e9\u0301combining",
    "emoji-\ud83d\ude00",
    "long-" + "n".repeat(200),
  };

  /** Some clients cannot handle the first so many of them. */
  private static final int HARDEST = 4;

  private final Chain chain;
  private final Path scratch;
  private int marks;
  private int heard;

  private ClientLab() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .set("MAX_PER_IP", "50")
            .set("MAX_PER_USER", "50")
            .set("LOGREQUESTS", "on")
            .start();
    scratch = Files.createDirectory(chain.directory().resolve("scratch"));
    tree("odd", 250, 0);
    tree("mild", 100, HARDEST);
    Files.write(scratch.resolve("big"), random(3_000_000));
    Files.write(scratch.resolve("small"), random(100_000));
    Files.writeString(scratch.resolve("text"), "one\ntwo\n\nfour\n");
  }

  /** Gives every constructor that asks the same lab. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext p, ExtensionContext e) {
      return p.getParameter().getType() == ClientLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext p, ExtensionContext e) {
      return of(e);
    }

    /** The lab of this run. */
    static ClientLab of(ExtensionContext e) {
      return e.getRoot()
          .getStore(Namespace.create(ClientLab.class))
          .getOrComputeIfAbsent(ClientLab.class, _ -> open(), ClientLab.class);
    }

    private static ClientLab open() {
      try {
        return new ClientLab();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private void tree(String name, int files, int from) throws IOException {
    Path top = Files.createDirectory(scratch.resolve(name));
    int n = 0;
    for (int d = 0; n < files; d++) {
      Path dir = top.resolve(d == 0 ? "." : "dir " + d + (d % 3 == 0 ? "/[sub]" : "")).normalize();
      Files.createDirectories(dir);
      for (int i = from; i < ODD.length + 10 && n < files; i++, n++) {
        String file = i < ODD.length ? ODD[i] : "file-" + i + ".dat";
        Files.write(dir.resolve(file), random(37 * n));
      }
    }
  }

  static byte[] random(int length) {
    byte[] b = new byte[length];
    new Random(length).nextBytes(b);
    return b;
  }

  Chain chain() {
    return chain;
  }

  /** Where clients work; has the trees odd and mild, and the files big, small and text. */
  Path scratch() {
    return scratch;
  }

  Path scratch(String file) {
    return scratch.resolve(file);
  }

  /** The path of a file of alice's on the disk. */
  Path stored(String file) {
    return chain.user("alice").home().resolve(file);
  }

  /** Puts a file that is alice's into her home. */
  void place(String name, byte[] bytes) throws IOException {
    Files.write(stored(name), bytes);
    Files.setAttribute(stored(name), "unix:uid", chain.user("alice").uid());
  }

  String port(DataConnectionMode way) {
    return Integer.toString(chain.port(way.place));
  }

  String url(DataConnectionMode way) {
    String host = way.place == 0 ? "127.0.0.1" : "[::1]";
    return "ftp://alice:pw-alice@" + host + ":" + port(way) + "/";
  }

  /** Runs a program to its end; it must succeed. */
  String run(String... command) throws IOException {
    return runWith("", command);
  }

  /** Runs a program with that on its standard input. */
  String runWith(String input, String... command) throws IOException {
    StringBuilder out = new StringBuilder();
    int status = status(input, out, command);
    assertEquals(0, status, () -> Arrays.toString(command) + ": " + out);
    return out.toString();
  }

  /** test/all installs every client that the distribution has; not every release has all. */
  private static boolean isThere(String program) {
    if (program.indexOf('/') >= 0) {
      return true;
    }
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** Skips a test where there is no such program. */
  public static void assumeThere(String program) {
    assumeTrue(isThere(program), () -> "no program " + program + " on this machine");
  }

  /** Runs a program and tells how it ended; skips the test when there is no such program. */
  int status(String input, StringBuilder output, String... command) throws IOException {
    assumeThere(command[0]);
    ProcessBuilder b =
        new ProcessBuilder(command).directory(scratch.toFile()).redirectErrorStream(true);
    b.environment().put("HOME", scratch.toString());
    b.environment().put("RCLONE_CONFIG", "/dev/null");
    b.environment().put("LC_ALL", "C.UTF-8");
    b.environment().put("TERM", "dumb");
    Path said = Files.createTempFile(chain.directory(), "said", "");
    Process p = b.redirectOutput(said.toFile()).start();
    try {
      p.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      p.getOutputStream().close();
    } catch (IOException e) {
      // The program has ended without reading its input; its status says why.
    }
    try {
      boolean ended = p.waitFor(60, TimeUnit.SECONDS);
      p.destroyForcibly();
      output.append(Files.readString(said, StandardCharsets.ISO_8859_1));
      assertTrue(ended, () -> Arrays.toString(command) + " takes more than 60 s: " + output);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(said);
    }
    return p.exitValue();
  }

  /** Asserts that both trees have the same files with the same bytes. */
  void assertSame(Path a, Path b) throws IOException {
    run("diff", "-r", a.toString(), b.toString());
  }

  void remove(Path... trees) throws IOException {
    for (Path t : trees) {
      run("rm", "-rf", t.toString());
    }
  }

  /**
   * Forgets the commands that clients have sent so far. The lines of one user are logged in their
   * order, so once that of a session of its own is there, none of those before comes any more.
   */
  void listen() throws IOException {
    Chain.eventually("no session is left", () -> chain.sessionsOf("alice").isEmpty());
    String mark = "SIZE mark-" + ++marks;
    try (Dialogue d = chain.login("alice")) {
      d.expect(550, mark);
    }
    Chain.eventuallyTold("the log has " + mark, () -> chain.log().contains(mark + "\"\n"));
    heard = chain.log().lastIndexOf(mark);
  }

  /** Asserts that clients have sent such a command so often since {@link #listen}. */
  void assertSaid(String regex, long times) {
    // The log may be a moment behind.
    Chain.eventuallyTold(
        times + " times " + regex,
        () -> said().stream().filter(l -> l.matches(regex)).count() == times);
  }

  /** The commands that clients have sent in sessions since {@link #listen}, as they are logged. */
  private List<String> said() throws IOException {
    return chain
        .log()
        .substring(heard)
        .lines()
        .filter(l -> l.startsWith("request "))
        .map(l -> l.replaceFirst(".* text=", "").replaceAll("^\"|\"$", ""))
        .toList();
  }

  /** Asserts that clients have taken this way and no other since {@link #listen}. */
  void assertTook(DataConnectionMode way) throws IOException {
    // The log may be a moment behind.
    Chain.eventuallyTold(
        way + " is taken", () -> said().stream().anyMatch(l -> l.matches(way.command)));
    for (DataConnectionMode other : DataConnectionMode.values()) {
      if (!other.command.equals(way.command)) {
        assertTrue(said().stream().noneMatch(l -> l.matches(other.command)), () -> "not " + other);
      }
    }
  }

  @Override
  public void close() throws IOException {
    chain.close();
  }
}
