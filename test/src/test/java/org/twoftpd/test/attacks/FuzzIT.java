/*
 * Sends any lines at all to the running server: each gets one reply with a legal code, and the next reply belongs to the next
 * line.  test/fuzz runs it for longer.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;

class FuzzIT {
  private static final int SECONDS = Integer.getInteger("twoftpd.fuzz.seconds", 18);
  private static final long SEED = Long.getLong("twoftpd.fuzz.seed", 20250101L);
  private static final int ROUND = 60;
  private static final long MOST_MEMORY_KB = 150_000;
  private static final Set<Integer> CODES =
      Set.of(
          150, 200, 202, 211, 213, 214, 215, 221, 225, 226, 227, 229, 230, 234, 250, 257, 331, 350,
          421, 425, 426, 450, 451, 452, 500, 501, 502, 503, 504, 522, 530, 533, 534, 536, 550, 552,
          553, 554);
  private static final String[] USERS = {"alice", "reader", "giver", null};

  private final SecureClient client = new SecureClient();
  private final FuzzLines lines = new FuzzLines(SEED);
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private Chain chain;
  private Dialogue dialogue;
  private InputStream in;
  private Socket data;
  private int sent;

  @Test
  void everyLineHasOneReply() throws IOException {
    try (Chain c =
        Chain.options()
            .user("alice")
            .user("reader", "/bin/read")
            .user("giver", "/bin/write")
            .set("SHELL_READONLY", "/bin/read")
            .set("SHELL_WRITEONLY", "/bin/write")
            .set("CONNECT_TIMEOUT", "1")
            .set("SPAWN_RATE", "100")
            .set("TLS_DATA", "any")
            .with("--tls", "on")
            .start()) {
      chain = c;
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      for (int round = 0; System.nanoTime() - end < 0; round++) {
        round(USERS[round % USERS.length], round / USERS.length % 2 == 1);
      }
      String log = c.log();
      for (String fault : new String[] {"fault", "violation ", "session-died", "gate-died"}) {
        assertFalse(log.contains(fault), () -> told("the log tells of a " + fault));
      }
      System.out.println("fuzz: seed " + SEED + ", " + sent + " lines");
      assertTrue(sent > 100, () -> "only " + sent + " lines");
    } catch (IOException | AssertionError e) {
      throw new AssertionError(told(e.toString()), e);
    }
  }

  private String told(String what) {
    return what
        + "\nseed "
        + SEED
        + ", after "
        + sent
        + " lines, the last of which were\n"
        + String.join("\n", last);
  }

  private Dialogue begin(String user, boolean overTls) throws IOException {
    Dialogue d = chain.connect();
    if (overTls) {
      d.expect(234, "AUTH TLS");
      d = client.secure(d);
    }
    return user == null ? d : chain.login(d, user);
  }

  private void round(String user, boolean overTls) throws IOException {
    if (user != null) {
      // A command may have set the mode of the home to 000.
      Files.setPosixFilePermissions(
          chain.user(user).home(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    try (Dialogue d = begin(user, overTls)) {
      talk(d);
      for (int i = 0; i < ROUND; i++) {
        say(lines.next());
      }
      // Replies are still in step with commands, whatever came before.
      say("NOOP".getBytes(StandardCharsets.US_ASCII), 200);
      if (user != null) {
        assertMemory(chain.sessionsOf(user).getFirst());
      }
    } catch (EOFException e) {
      // The server may end a dialogue, but must send a reply first.
      assertTrue(
          last.getLast().matches("(?s).* -> (221|421).*"), () -> "closed without 221 or 421");
    } finally {
      hangUpData();
    }
  }

  private void talk(Dialogue d) throws IOException {
    dialogue = d;
    in = d.socket().getInputStream();
  }

  private static void assertMemory(long pid) throws IOException {
    for (String l : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (l.startsWith("VmHWM:")) {
        long kb = Long.parseLong(l.replaceAll("\\D", ""));
        assertTrue(kb < MOST_MEMORY_KB, () -> kb + " KB");
      }
    }
  }

  /** A line may be empty once Telnet's bytes are taken out, and then it gets no reply. */
  private static boolean isSurelyACommand(byte[] line) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] > ' ' && line[i] < 127 && (i == 0 || line[i - 1] >= 0)) {
        return true;
      }
    }
    return false;
  }

  private void say(byte[] line, int... expected) throws IOException {
    if (!isSurelyACommand(line)) {
      return;
    }
    String shown = new String(line, StandardCharsets.ISO_8859_1);
    last.add(shown.length() > 200 ? shown.substring(0, 200) + "..." : shown);
    if (last.size() > 20) {
      last.removeFirst();
    }
    sent++;
    byte[] whole = java.util.Arrays.copyOf(line, line.length + 2);
    whole[line.length] = '\r';
    whole[line.length + 1] = '\n';
    dialogue.send(whole);
    int code = reply();
    if (code == 150) {
      transfer();
      code = reply();
    } else if (code == 234) {
      talk(client.secure(dialogue));
    }
    for (int e : expected) {
      assertEquals(e, code);
    }
  }

  private int reply() throws IOException {
    String first = line();
    String line = first;
    String code = line.substring(0, Math.min(3, line.length()));
    assertTrue(
        code.matches("\\d{3}") && CODES.contains(Integer.parseInt(code)), () -> "reply " + first);
    last.add(last.removeLast() + " -> " + (line.length() > 100 ? line.substring(0, 100) : line));
    while (!line.startsWith(code + " ")) {
      line = line();
    }
    if (code.equals("421") || code.equals("221")) {
      throw new EOFException();
    }
    if (code.equals("227") || code.equals("229")) {
      hangUpData();
      if (lines.choose(4) > 0) {
        connect(first);
      }
    }
    return Integer.parseInt(code);
  }

  private String line() throws IOException {
    ByteArrayOutputStream b = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c == 0xff && b.size() == 0) {
        // This is an answer to Telnet; two more bytes follow.
        in.readNBytes(2);
        continue;
      }
      b.write(c);
    }
    return b.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private void connect(String told) throws IOException {
    String[] n = told.replaceAll("\\D+", " ").trim().split(" ", -1);
    int port =
        told.startsWith("229")
            ? Integer.parseInt(n[1])
            : Integer.parseInt(n[5]) << 8 | Integer.parseInt(n[6]);
    data = new Socket();
    data.setSoTimeout(5000);
    data.connect(new InetSocketAddress("127.0.0.1", port), 5000);
  }

  /**
   * Does something with a data connection, and closes it, so that the transfer comes to its end.
   */
  private void transfer() throws IOException {
    if (data == null) {
      return;
    }
    try {
      switch (lines.choose(3)) {
        case 0 -> data.getOutputStream().write(new byte[lines.choose(5000)]);
        case 1 -> {
          data.shutdownOutput();
          data.getInputStream().readAllBytes();
        }
        default -> data.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // The server may have closed it first.
    }
    hangUpData();
  }

  private void hangUpData() throws IOException {
    if (data != null) {
      data.close();
      data = null;
    }
  }
}
