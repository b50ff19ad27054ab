/*
 * Clients over TLS: those that resume the TLS session of the control connection, and those for which TLS_REUSE=accepted is.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;

@ExtendWith(ClientLab.Shared.class)
class FtpsIT {
  private static Chain strict;
  private static Chain lenient;

  private final ClientLab lab;
  private final byte[] big = ClientLab.random(3_000_000);

  FtpsIT(ClientLab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void start() throws IOException {
    strict =
        Chain.options()
            .user("alice")
            .with("--tls", "on")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .start();
    lenient =
        Chain.options()
            .user("alice")
            .with("--tls", "required")
            .set("TLS_REUSE", "accepted")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    strict.close();
    lenient.close();
  }

  private static String url(int place) {
    String host = place == 0 ? "127.0.0.1" : "[::1]";
    return "ftp://alice:pw-alice@" + host + ":" + strict.port(place) + "/";
  }

  private static Path stored(String name) {
    return strict.user("alice").home().resolve(name);
  }

  static List<List<String>> versions() {
    return List.of(List.of("--tlsv1.3"), List.of("--tlsv1.2", "--tls-max", "1.2"));
  }

  private String curl(List<String> version, String... arguments) throws IOException {
    List<String> c = new ArrayList<>();
    c.addAll(List.of("curl", "-sS", "--fail", "-k", "--ssl-reqd", "--max-time", "40"));
    c.addAll(version);
    c.addAll(List.of(arguments));
    return lab.run(c.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void curl(List<String> version) throws IOException {
    for (int place = 0; place < 2; place++) {
      String url = url(place);
      curl(version, "-T", "big", url + "tls-big");
      assertArrayEquals(big, Files.readAllBytes(stored("tls-big")));
      curl(version, "-o", "back", url + "tls-big");
      assertArrayEquals(big, Files.readAllBytes(lab.scratch("back")));
      assertTrue(curl(version, "-l", url).contains("tls-big"));
      curl(version, "-T", "/dev/null", url + "tls-empty");
      assertEquals(0, Files.size(stored("tls-empty")));
    }
  }

  @Test
  void curlRefusesAnUnprotectedSession() throws IOException {
    StringBuilder out = new StringBuilder();
    int status =
        lab.status("", out, "curl", "-sS", "-k", "-m", "20", "--ftp-ssl-control", "-l", url(0));
    // TLS_DATA=required lets nobody choose PROT C.
    assertTrue(status != 0, out.toString());
  }

  @Test
  void lftpMirrorsThereAndBack() throws IOException {
    Path back = lab.scratch("tls-mild-back");
    lab.run(
        "lftp",
        "-e",
        "set ssl:verify-certificate no; set ftp:ssl-force yes; set net:max-retries 1;"
            + " set net:timeout 20; open -u alice,pw-alice -p "
            + Integer.toString(strict.port())
            + " 127.0.0.1; mirror -R mild tls-mild; mirror tls-mild tls-mild-back; bye");
    lab.assertSame(lab.scratch("mild"), back);
    lab.assertSame(lab.scratch("mild"), stored("tls-mild"));
    lab.remove(back, stored("tls-mild"));
  }

  @Test
  void pythonsFtplib() throws IOException {
    Files.writeString(
        lab.scratch("tls.py"),
        """
        import ftplib, io, ssl, sys
        f = ftplib.FTP_TLS(context=ssl._create_unverified_context())
        f.connect('127.0.0.1', int(sys.argv[1]), timeout=20)
        f.login('alice', 'pw-alice')
        f.prot_p()
        big = open('big', 'rb').read()
        print(f.storbinary('STOR tls-python', io.BytesIO(big)))
        b = io.BytesIO()
        print(f.retrbinary('RETR tls-python', b.write))
        assert b.getvalue() == big
        assert 'tls-python' in f.nlst()
        print(f.quit())
        """);
    lab.run("/usr/bin/python3", "tls.py", Integer.toString(lenient.port()));
    Path stored = lenient.user("alice").home().resolve("tls-python");
    assertArrayEquals(big, Files.readAllBytes(stored));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void commonsNet(String protocol) throws IOException {
    FTPSClient c = new FTPSClient("TLS", false);
    c.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
    c.setEnabledProtocols(new String[] {protocol});
    c.setDefaultTimeout(20_000);
    c.connect("127.0.0.1", lenient.port());
    try {
      assertTrue(c.login("alice", "pw-alice"), c.getReplyString());
      c.execPBSZ(0);
      c.execPROT("P");
      c.enterLocalPassiveMode();
      c.setFileType(FTP.BINARY_FILE_TYPE);
      assertTrue(c.storeFile("tls-commons", new ByteArrayInputStream(big)), c.getReplyString());
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      assertTrue(c.retrieveFile("tls-commons", back), c.getReplyString());
      assertArrayEquals(big, back.toByteArray());
      assertTrue(List.of(c.listNames()).contains("tls-commons"));
      assertTrue(c.logout());
    } finally {
      c.disconnect();
    }
  }

  @Test
  void theLogSaysWhatProtectsALogin() throws IOException {
    curl(List.of("--tlsv1.3"), "-l", url(0));
    assertTrue(strict.log().contains("TLSv1.3"), strict.log());
  }
}
