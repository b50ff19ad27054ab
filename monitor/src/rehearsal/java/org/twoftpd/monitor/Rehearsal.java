/*
 * Runs when the program is built, never in service, and lies in no package.  It is the monitor but for what takes root, with
 * clients of its own, so that the archive of loaded classes (java(1), -XX:AOTCache) has what a real one needs.
 */
package org.twoftpd.monitor;

import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_ERROR;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SystemCallException;

/** A monitor and, on a thread beside it, two clients: one that logs in, and one that does not. */
final class Rehearsal {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int TRIES = 600;

  /** What openssl s_client(1) sends for TLS 1.3 alone, with a share for X25519. */
  private static final byte[] HELLO =
      HexFormat.of()
          .parseHex(
              "16030100ac010000a803034571263a81eb37e40b1c82b652482f9a9096be1418a1eb6c3d0743f3c53c"
                  + "05732032e960f7338d9a02b2c65b657a1b89a1bc54c944231fbffd3bacd1754e08d28a00041301"
                  + "00ff0100005b000b000403000102000a00040002001d002300000016000000170000000d000400"
                  + "020403002b0003020304002d00020101003300260024001d002043e40769535db776ae9b4f909a"
                  + "d6461119d086c69c3440c21d598d13b5a5a23a");

  private static final byte HANDSHAKE = 22;

  /** The answer is longer when it has come to its signature. */
  private static final int ANSWER_WITH_SIGNATURE = 600;

  private static final long PAUSE_MILLIS = 100;

  /** Longer than the times between two questions for a sign of life. */
  private static final long SIGNS_MILLIS = 6500;

  /** Made of the answers to such questions. */
  private static final List<String> SIGNS =
      List.of("wire.GateMessage$Pong ", "wire.SessionMessage$Pong ");

  private final Endpoint address;
  private final Path loaded;

  private Rehearsal(Endpoint address, Path loaded) {
    this.address = address;
    this.loaded = loaded;
  }

  /**
   * Ends with 0 when all has been rehearsed.
   *
   * @param arguments the home of the program, an existing directory, a user name and its password,
   *     and the file in which the virtual machine writes down each class that it loads
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    Native.load();
    Rehearsal rehearsal = new Rehearsal(freeAddress(), Path.of(arguments[4]));
    Path file = directory.resolve("twoftpd.conf");
    Path certificate = directory.resolve("self-signed.pem");
    OwnCertificate.make(certificate, List.of("localhost"), Instant.now());
    Files.writeString(
        file,
        ("LISTEN=" + rehearsal.address + "\nCVM=cvm-local:" + directory.resolve("cvm"))
            + "\nGATE_USER=1:1\nSPARES=1-1\nLOGINBANNER=Welcome\nBANNER=Hello\nTLS_CERT="
            + certificate
            + "\n");
    Thread clients =
        new Thread(() -> System.exit(rehearsal.perform(arguments[2], arguments[3]) ? 0 : 1));
    clients.setDaemon(true);
    clients.start();
    String[] own = {
      "--home", arguments[0], "--runtime", directory.toString(), "--config", file.toString()
    };
    // It comes back only when it could not begin.
    Main.main(own);
  }

  private static Endpoint freeAddress() throws SystemCallException {
    Endpoint any = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
    int fd = SystemCallException.check(Native.socket(any.domain(), SOCK_STREAM, 0));
    SystemCallException.check(Native.bind(fd, any.toSockaddr()));
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    Endpoint bound =
        Endpoint.fromSockaddr(name, SystemCallException.check(Native.getsockname(fd, name)));
    Native.close(fd);
    return bound;
  }

  private boolean perform(String user, String password) {
    try {
      int fd = connect();
      boolean fine =
          reads(fd, "Authenticate first.")
              && says(fd, "SYST", "215 ")
              && says(fd, "FEAT", "211 End")
              && says(fd, "OPTS UTF8 ON", "200 ")
              && says(fd, "HELP", "214 ")
              && says(fd, "NOOP", "200 ")
              && says(fd, "LIST", "530 ")
              && says(fd, "XYZZY", "502 ")
              && says(fd, "USER " + user, "331 ")
              && says(fd, "PASS wrong", "530 ")
              && says(fd, "USER " + user, "331 ")
              && says(fd, "PASS " + password, "230 ")
              && says(fd, "PWD", "257 ")
              && hearsSignsOfLife()
              && says(fd, "MKD d", "257 ")
              && says(fd, "RMD d", "250 ")
              && says(fd, "QUIT", "221 ");
      Native.close(fd);
      fine = fine && beginsTls();
      // Another one that has not logged in when the service ends.
      fd = connect();
      return fine && reads(fd, "Authenticate first.");
    } catch (IOException | InterruptedException e) {
      System.err.println("rehearsal: " + e);
      return false;
    }
  }

  /** Has the monitor sign a handshake, which this client then leaves. */
  private boolean beginsTls() throws SystemCallException, InterruptedException {
    int fd = connect();
    boolean fine = reads(fd, "Authenticate first.") && says(fd, "AUTH TLS", "234 ");
    Native.write(fd, HELLO, 0, HELLO.length);
    byte[] buffer = new byte[4096];
    int got = 0;
    while (fine && got < ANSWER_WITH_SIGNATURE) {
      boolean ready =
          Native.poll(new int[] {fd}, new short[] {PollEvents.POLLIN}, 1, PATIENCE_MILLIS) > 0;
      int n = ready ? Native.read(fd, buffer, 0, buffer.length) : 0;
      fine = n > 0 && (got > 0 || buffer[0] == HANDSHAKE);
      got += n;
    }
    if (!fine) {
      System.err.println("rehearsal: no handshake after " + got + " bytes");
    }
    Native.close(fd);
    return fine;
  }

  /**
   * Lasts until gate and session have been asked for a sign of life and both have answered, however
   * slow the machine is: what that loads is loaded in every rehearsal.
   */
  private boolean hearsSignsOfLife() throws IOException, InterruptedException {
    Thread.sleep(SIGNS_MILLIS);
    for (int i = 0; i < TRIES; i++) {
      String text = Files.readString(loaded);
      if (SIGNS.stream().allMatch(text::contains)) {
        return true;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    System.err.println("rehearsal: no sign of life of gate or session");
    return false;
  }

  /** The service may not listen yet. */
  private int connect() throws SystemCallException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      int fd = SystemCallException.check(Native.socket(address.domain(), SOCK_STREAM, 0));
      int _ = Native.connect(fd, address.toSockaddr());
      boolean answered =
          Native.poll(new int[] {fd}, new short[] {PollEvents.POLLOUT}, 1, PATIENCE_MILLIS) > 0;
      if (answered && Native.getsockopt(fd, SOL_SOCKET, SO_ERROR) == 0) {
        return fd;
      }
      Native.close(fd);
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new SystemCallException(Errno.ECONNREFUSED);
  }

  private static boolean says(int fd, String line, String answer) throws InterruptedException {
    // One thing after the other: whoever takes turns differently may load other classes.
    Thread.sleep(PAUSE_MILLIS);
    byte[] b = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    Native.write(fd, b, 0, b.length);
    return reads(fd, answer);
  }

  /** Reads until these words are there and the line that they are in is whole. */
  private static boolean reads(int fd, String words) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (text.indexOf(words) < 0 || text.indexOf("\n", text.indexOf(words)) < 0) {
      boolean ready =
          Native.poll(new int[] {fd}, new short[] {PollEvents.POLLIN}, 1, PATIENCE_MILLIS) > 0;
      int n = ready ? Native.read(fd, buffer, 0, buffer.length) : 0;
      if (n <= 0) {
        System.err.println("rehearsal: no answer " + words + ", but " + text);
        return false;
      }
      text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
    }
    return true;
  }
}
