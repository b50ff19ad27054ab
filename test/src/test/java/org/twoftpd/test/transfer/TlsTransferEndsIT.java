/*
 * Every way in which a transfer over TLS can end.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;
import org.twoftpd.test.harness.SecureStream;

class TlsTransferEndsIT {
  private static final byte[] FILE = new byte[3_000_000];

  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").with("--tls", "on").set("MAX_PER_IP", "50").start();
    home = chain.user("alice").home();
    new Random(1).nextBytes(FILE);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @BeforeEach
  void removeFiles() throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      for (Path p : all.toList()) {
        Files.delete(p);
      }
    }
  }

  private static Dialogue login(String protocol) throws IOException {
    Dialogue d = new SecureClient(protocol).login(chain, "alice");
    d.expect(200, "TYPE I");
    return d;
  }

  /**
   * The kernel of a client that closes with something unread sends a reset, which destroys the end
   * of the upload: so nothing may be there that the client has no cause to read.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void anUploaderThatNeverReadsLosesNothing(String protocol) throws Exception {
    try (Dialogue d = login(protocol)) {
      int port = Integer.parseInt(d.expect(229, "EPSV").text().replaceAll("\\D", ""));
      try (Socket data = new Socket()) {
        data.setReceiveBufferSize(4096);
        data.connect(new InetSocketAddress("127.0.0.1", port));
        d.expect(150, "STOR up");
        SecureStream s = d.tls().protect(data);
        s.out().write(FILE);
        // Whatever the server says of itself has come until now.
        Chain.eventually("the bytes are stored", () -> stored("up") > FILE.length / 2);
        assertEquals(0, data.getInputStream().available());
        s.finish();
        s.close();
      }
      d.expect(226);
      assertArrayEquals(FILE, Files.readAllBytes(home.resolve("up")));
    }
  }

  private static long stored(String name) {
    return home.resolve(name).toFile().length();
  }

  private static void cut(Dialogue d, String command, boolean reset) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, command);
      SecureStream s = d.tls().protect(data);
      s.out().write(FILE);
      if (reset) {
        data.setSoLinger(true, 0);
      }
    }
  }

  private static boolean isEmpty() throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      return all.findAny().isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3,false", "TLSv1.3,true", "TLSv1.2,false", "TLSv1.2,true"})
  void nothingOfAnUploadThatIsCutStandsUnderItsName(String protocol, boolean reset)
      throws Exception {
    chain.reload("ATOMIC_STORE=on");
    try (Dialogue d = login(protocol)) {
      cut(d, "STOR up", reset);
      String said = d.expect(426).text();
      assertEquals(!reset, said.contains("TLS_STRICT_EOF"), said);
      assertTrue(isEmpty(), "something is left");
      d.expect(550, "SIZE up");
    } finally {
      chain.reload();
    }
  }

  /** Devices that never say goodbye are served; a reset is no end of a file for anybody. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aResetIsNoEndEvenForDevicesWithoutGoodbyes(String protocol) throws Exception {
    chain.reload("ATOMIC_STORE=on", "TLS_STRICT_EOF=off");
    try (Dialogue broken = login(protocol);
        Dialogue quiet = login(protocol)) {
      cut(broken, "STOR up", true);
      assertFalse(broken.expect(426).text().contains("TLS_STRICT_EOF"));
      assertTrue(isEmpty(), "something is left");
      cut(quiet, "STOR up", false);
      quiet.expect(226);
      assertArrayEquals(FILE, Files.readAllBytes(home.resolve("up")));
    } finally {
      chain.reload();
    }
  }

  /** A client that takes a goodbye for the end of a file must get none when it is not the end. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aDownloadThatIsGivenUpEndsWithoutGoodbye(String protocol) throws Exception {
    Files.write(home.resolve("large"), new byte[60_000_000]);
    try (Dialogue d = login(protocol);
        Socket data = d.passive()) {
      d.expect(150, "RETR large");
      SecureStream s = d.tls().protect(data);
      assertEquals(100_000, s.in().readNBytes(100_000).length);
      assertTrue(d.expect(211, "STAT").toString().contains("bytes"));
      d.expect(426, "ABOR");
      d.expect(226);
      assertThrows(IOException.class, s::readAll);
      assertFalse(s.isEndedCleanly());
      d.expect(200, "NOOP");
    }
  }
}
