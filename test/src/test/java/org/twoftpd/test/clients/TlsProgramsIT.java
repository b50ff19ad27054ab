/*
 * Programs that speak FTP over TLS: curl, lftp, wget, rclone and openssl.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;

@ExtendWith(TlsLab.Shared.class)
class TlsProgramsIT {
  private final TlsLab lab;
  private final Chain strict;

  TlsProgramsIT(TlsLab lab) {
    this.lab = lab;
    this.strict = lab.strict();
  }

  // ---- curl ----

  private String curl(String version, String... arguments) throws IOException {
    List<String> c = new ArrayList<>();
    String pem = lab.certificate(strict).toString();
    c.addAll(List.of("curl", "-sS", "--fail", "--cacert", pem, "--ssl-reqd", "--max-time", "40"));
    c.addAll(List.of("--tlsv" + version, "--tls-max", version));
    c.addAll(List.of(arguments));
    return lab.files.run(c.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"1.3,0", "1.3,1", "1.3,2", "1.2,0", "1.2,1", "1.2,2"})
  void curlStoresFetchesAndLists(String version, int place) throws IOException {
    String url = TlsLab.url(strict, place);
    // Over TLS, curl 7.88 fails in active mode.
    boolean active = !lab.files.run("curl", "--version").startsWith("curl 7.88.");
    String own = place == TlsLab.EXPLICIT_6 ? "::1" : "127.0.0.1";
    for (String option : active ? List.of("--ftp-pasv", "--ftp-port") : List.of("--ftp-pasv")) {
      String value = option.equals("--ftp-port") ? own : "--no-buffer";
      curl(version, option, value, "-T", "big", url + "curl-big");
      curl(version, option, value, "-o", "curl-back", url + "curl-big");
      lab.assertCameBack("curl-back");
      assertTrue(curl(version, option, value, "-l", url).contains("curl-big"));
      lab.assertStored(strict, "curl-big");
      curl(version, option, value, "-T", "/dev/null", url + "curl-empty");
      assertEquals(0, Files.size(TlsLab.stored(strict, "curl-empty")));
    }
  }

  /** With TLS 1.3 OpenSSL uses a ticket once, and gets the next one with each download. */
  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void curlMovesManyFilesInOneSession(String version) throws IOException {
    String url = TlsLab.url(strict, TlsLab.EXPLICIT);
    String[] names = {"big", "small", "text"};
    int before = logins();
    if (version.equals("1.2")) {
      curl(version, "--ftp-create-dirs", "-T", "{big,small,text,big,small}", url + "many/");
    } else {
      // No upload brings a ticket, so each has a session of its own.
      for (String f : names) {
        curl(version, "--ftp-create-dirs", "-T", f, url + "many/");
      }
    }
    int uploads = version.equals("1.2") ? 1 : names.length;
    curl(version, "-o", "many-#1", url + "many/{big,small,text,big,small,text}");
    lab.assertCameBack("many-big");
    for (String f : new String[] {"small", "text"}) {
      assertArrayEquals(
          Files.readAllBytes(lab.files.scratch(f)),
          Files.readAllBytes(lab.files.scratch("many-" + f)));
      Files.delete(lab.files.scratch("many-" + f));
    }
    Chain.eventuallyTold("all logins", () -> logins() - before >= uploads + 1);
    assertEquals(uploads + 1, logins() - before);
    lab.files.remove(TlsLab.stored(strict, "many"));
  }

  private int logins() throws IOException {
    return (int) strict.log().lines().filter(l -> l.startsWith("login user=alice")).count();
  }

  @Test
  void curlIsRefusedWithoutTlsBeforeItSaysAPassword() throws IOException {
    StringBuilder out = new StringBuilder();
    String url = TlsLab.url(strict, TlsLab.EXPLICIT);
    assertEquals(
        67, lab.files.status("", out, "curl", "-sS", "-m", "20", "-l", url), out::toString);
  }

  /** Data must be protected where nothing else is set. */
  @Test
  void curlIsRefusedDataInTheClear() throws IOException {
    StringBuilder out = new StringBuilder();
    String url = TlsLab.url(strict, TlsLab.EXPLICIT);
    int status =
        lab.files.status("", out, "curl", "-sS", "-k", "-m", "20", "--ftp-ssl-control", "-l", url);
    assertTrue(status != 0, out.toString());
  }

  // ---- lftp ----

  private void lftp(int place, String priority, String commands) throws IOException {
    lab.files.run(
        "lftp",
        "-e",
        "set ssl:ca-file "
            + lab.certificate(strict)
            + "; set ftp:ssl-force yes; set ssl:priority "
            + priority
            + "; set cmd:fail-exit yes; set net:max-retries 1; set net:timeout 20; open "
            + TlsLab.url(strict, place)
            + "; "
            + commands
            + "; bye");
  }

  @ParameterizedTest
  @CsvSource({
    "NORMAL,0,yes",
    "NORMAL,2,no",
    "NORMAL:-VERS-TLS1.3,0,no",
    "NORMAL:-VERS-TLS1.3,2,yes"
  })
  void lftpMirrorsThereAndBack(String priority, int place, String passive) throws IOException {
    Path back = lab.files.scratch("lftp-mild");
    String mode = "set ftp:passive-mode " + passive;
    lftp(place, priority, mode + "; mirror -R mild lftp-mild; mirror lftp-mild lftp-mild");
    lab.files.assertSame(lab.files.scratch("mild"), back);
    lab.files.remove(back, TlsLab.stored(strict, "lftp-mild"));
  }

  @Test
  void lftpMirrorsAThousandFiles() throws IOException {
    Path thousand = Files.createDirectory(lab.files.scratch("thousand"));
    for (int i = 0; i < 1000; i++) {
      Files.write(thousand.resolve("file-" + i), ClientLab.random(i));
    }
    Path back = lab.files.scratch("thousand-back");
    lftp(TlsLab.EXPLICIT, "NORMAL", "mirror -R -P 2 thousand thousand");
    lab.files.assertSame(thousand, TlsLab.stored(strict, "thousand"));
    lftp(TlsLab.EXPLICIT, "NORMAL", "mirror -P 2 thousand thousand-back");
    lab.files.assertSame(thousand, back);
    lab.files.remove(thousand, back, TlsLab.stored(strict, "thousand"));
  }

  // ---- wget ----

  @ParameterizedTest
  @CsvSource({
    "TLSv1_3,0,--passive-ftp",
    "TLSv1_3,2,--no-passive-ftp",
    "TLSv1_2,0,--no-passive-ftp",
    "TLSv1_2,2,--passive-ftp"
  })
  void wgetFetchesATree(String protocol, int place, String way) throws IOException {
    Path tree = TlsLab.stored(strict, "wget-tree");
    lab.files.run("cp", "-r", "mild", tree.toString());
    lab.files.run(
        "wget",
        "-q",
        "-r",
        "-l",
        "9",
        "-nH",
        "--tries=1",
        "--timeout=20",
        "--restrict-file-names=nocontrol",
        "--ca-certificate=" + lab.certificate(strict),
        "--secure-protocol=" + protocol,
        place == TlsLab.IMPLICIT ? "--ftps-implicit" : "--no-ftps-implicit",
        way,
        "-P",
        "wget-back",
        TlsLab.url(strict, place).replaceFirst("ftps?:", "ftps:") + "wget-tree/");
    lab.files.assertSame(lab.files.scratch("mild"), lab.files.scratch("wget-back/wget-tree"));
    lab.files.remove(tree, lab.files.scratch("wget-back"));
  }

  // ---- rclone ----

  private int rclone(StringBuilder out, Chain chain, int place, String version, String... what)
      throws IOException {
    ClientLab.assumeThere("rclone");
    String password = lab.files.run("rclone", "obscure", "pw-alice").trim();
    List<String> c = new ArrayList<>(List.of("rclone"));
    c.addAll(List.of(what));
    c.addAll(List.of("--ftp-host", "127.0.0.1", "--ftp-port", TlsLab.port(chain, place)));
    c.addAll(List.of("--ftp-user", "alice", "--ftp-pass", password));
    c.addAll(List.of("--ftp-no-check-certificate", "--retries", "1", "--low-level-retries", "1"));
    c.addAll(List.of("--timeout", "20s"));
    c.add(place == TlsLab.IMPLICIT ? "--ftp-tls" : "--ftp-explicit-tls");
    if (version.equals("1.2")) {
      c.add("--ftp-disable-tls13");
    }
    return lab.files.status("", out, c.toArray(String[]::new));
  }

  /** One file, over one connection. */
  @ParameterizedTest
  @ValueSource(ints = {TlsLab.EXPLICIT, TlsLab.IMPLICIT})
  void rcloneResumesInTls13(int place) throws IOException {
    StringBuilder out = new StringBuilder();
    int there = rclone(out, strict, place, "1.3", "copyto", "big", ":ftp:rclone-big");
    assertEquals(0, there, out::toString);
    int back = rclone(out, strict, place, "1.3", "copyto", ":ftp:rclone-big", "rclone-back");
    assertEquals(0, back, out::toString);
    lab.assertCameBack("rclone-back");
    lab.assertStored(strict, "rclone-big");
  }

  /** Its library does not resume by the tickets of TLS 1.2. */
  @ParameterizedTest
  @ValueSource(ints = {TlsLab.EXPLICIT, TlsLab.IMPLICIT})
  void rcloneDoesNotResumeInTls12(int place) throws IOException {
    StringBuilder out = new StringBuilder();
    int status = rclone(out, strict, place, "1.2", "copyto", "big", ":ftp:rclone-big");
    assertTrue(status != 0, out.toString());
    assertTrue(
        out.toString().contains("522 The data connection " + TlsLab.REFUSED), out.toString());
  }

  /** It takes the tickets of one of its connections for those of another. */
  @ParameterizedTest
  @CsvSource({"1.3,0", "1.2,2"})
  void rcloneCopiesATreeWhereItNeedNotResume(String version, int place) throws IOException {
    Chain chain = lab.lenient();
    StringBuilder out = new StringBuilder();
    int there = rclone(out, chain, place, version, "copy", "mild", ":ftp:rclone");
    assertEquals(0, there, out::toString);
    int back = rclone(out, chain, place, version, "copy", ":ftp:rclone", "rclone-back");
    assertEquals(0, back, out::toString);
    lab.files.assertSame(lab.files.scratch("mild"), lab.files.scratch("rclone-back"));
    lab.files.remove(lab.files.scratch("rclone-back"), TlsLab.stored(chain, "rclone"));
  }

  // ---- openssl ----

  @ParameterizedTest
  @CsvSource({"-tls1_3,0", "-tls1_2,0", "-tls1_3,2", "-tls1_2,2"})
  void opensslTalks(String version, int place) throws IOException {
    List<String> c = new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-crlf", version));
    c.addAll(List.of("-connect", "127.0.0.1:" + TlsLab.port(strict, place)));
    c.addAll(List.of("-verify_return_error", "-verify_ip", "127.0.0.1"));
    c.addAll(List.of("-CAfile", lab.certificate(strict).toString()));
    if (place == TlsLab.EXPLICIT) {
      c.addAll(List.of("-starttls", "ftp"));
    }
    String said =
        lab.files.runWith(
            "USER alice\nPASS pw-alice\nPBSZ 0\nPROT P\nCCC\nPWD\nQUIT\n",
            c.toArray(String[]::new));
    for (String reply : new String[] {"331 ", "230 ", "200 ", "534 ", "257 ", "221 "}) {
      assertTrue(said.contains("\n" + reply) || said.startsWith(reply), said);
    }
  }
}
