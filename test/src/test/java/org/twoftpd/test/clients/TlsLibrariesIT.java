/*
 * Libraries over TLS: those that resume the TLS session of the control connection, and those that cannot, which are told
 * so, and for which TLS_REUSE=accepted is.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.test.harness.Chain;

@ExtendWith(TlsLab.Shared.class)
class TlsLibrariesIT {
  private static final String PYTHON = "/usr/bin/python3";

  private final TlsLab lab;

  TlsLibrariesIT(TlsLab lab) {
    this.lab = lab;
  }

  private String explicitPort(Chain chain) {
    return TlsLab.port(chain, TlsLab.EXPLICIT);
  }

  // ---- Python ----

  private static final String FTPLIB =
      """
      import ftplib, io, ssl, sys
      port, version, pasv, resumes = int(sys.argv[1]), sys.argv[2], sys.argv[3] == '1', sys.argv[4] == 'served'
      c = ssl._create_unverified_context()
      c.minimum_version = c.maximum_version = getattr(ssl.TLSVersion, version)
      f = ftplib.FTP_TLS(context=c, timeout=20)
      f.connect('127.0.0.1', port)
      f.login('alice', 'pw-alice'); f.prot_p(); f.set_pasv(pasv)
      try:
          f.ccc()
      except ftplib.error_perm as e:
          assert str(e).startswith('534 '), e
      else:
          raise SystemExit('CCC is taken')
      big = open('big', 'rb').read()
      if resumes:
          assert f.storbinary('STOR py', io.BytesIO(big)).startswith('226 ')
          b = io.BytesIO(); f.retrbinary('RETR py', b.write); assert b.getvalue() == big
          f.storbinary('STOR py0', io.BytesIO(b'')); assert f.size('py0') == 0
          f.storlines('STOR pyt', io.BytesIO(b'one\\ntwo\\n'))
          l = []; f.retrlines('RETR pyt', l.append); assert l == ['one', 'two'], l
          assert {'py', 'py0', 'pyt'} <= set(f.nlst()) and dict(f.mlsd())['py']['size'] == str(len(big))
          for n in 'py', 'py0', 'pyt': f.delete(n)
      else:
          for n in 1, 2:
              try:
                  f.nlst()
              except ssl.SSLError:
                  pass
              else:
                  raise SystemExit('it is served')
              try:
                  f.getresp()
              except ftplib.error_perm as e:
                  print(e)
          assert f.pwd() == '/'
      assert f.quit().startswith('221 ')
      """;

  @ParameterizedTest
  @CsvSource({"TLSv1_3,1", "TLSv1_3,0", "TLSv1_2,1", "TLSv1_2,0"})
  void pythonsFtplibDoesNotResume(String version, String passive) throws IOException {
    lab.script(PYTHON, FTPLIB, explicitPort(lab.lenient()), version, passive, "served");
    lab.lenient().eventuallyLogged("tls-data .*result=served .*TLS_REUSE");
    String said =
        lab.script(PYTHON, FTPLIB, explicitPort(lab.strict()), version, passive, "refused");
    assertEquals(2, said.lines().filter(l -> l.startsWith("522 ")).count(), said);
    assertTrue(said.contains(TlsLab.REFUSED), said);
    lab.strict().eventuallyLogged("tls-data .*result=refused .*TLS_REUSE");
  }

  // ---- PHP ----

  private static final String PHP_TRANSFERS =
      """
      <?php
      $f = ftp_ssl_connect('127.0.0.1', (int) $argv[1], 20);
      if (!ftp_login($f, 'alice', 'pw-alice') || !ftp_pasv($f, $argv[2] == '1')) exit(3);
      for ($i = 1; $i <= 3; $i++) {
        if (!@ftp_put($f, "php$i", 'big', FTP_BINARY)) { echo @ftp_raw($f, 'NOOP')[0], error_get_last()['message']; exit(4); }
        if (!@ftp_get($f, 'php-back', "php$i", FTP_BINARY)) { echo @ftp_raw($f, 'NOOP')[0], error_get_last()['message']; exit(5); }
        if (md5_file('big') != md5_file('php-back')) exit(6);
        if (!in_array("php$i", array_map('basename', ftp_nlist($f, '.')))) exit(7);
        ftp_delete($f, "php$i");
      }
      ftp_close($f); unlink('php-back');
      """;

  /**
   * OpenSSL uses a ticket of TLS 1.3 once, and in TLS 1.2 it loses its session with the ticket that
   * belongs to the handshake of the first transfer.
   */
  @ParameterizedTest
  @CsvSource({"TLSv1.3,1", "TLSv1.3,0", "TLSv1.2,1", "TLSv1.2,0"})
  void phpResumesOnce(String version, String passive) throws IOException {
    ClientLab.assumeThere("php");
    Path settings = lab.files.scratch("openssl.cnf");
    Files.writeString(
        settings,
        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMaxProtocol = "
            + version
            + "\n");
    String setting = "OPENSSL_CONF=" + settings;
    lab.script("env " + setting + " php", PHP_TRANSFERS, explicitPort(lab.lenient()), passive);
    Path script = lab.files.scratch("once.php");
    Files.writeString(script, PHP_TRANSFERS);
    StringBuilder out = new StringBuilder();
    String port = explicitPort(lab.strict());
    int status = lab.files.status("", out, "env", setting, "php", "once.php", port, passive);
    assertEquals(5, status, out::toString);
    assertTrue(
        out.toString().contains("522 The data connection " + TlsLab.REFUSED), out.toString());
    lab.files.remove(settings, script, TlsLab.stored(lab.strict(), "php1"));
  }

  // ---- Perl ----

  private static final String NET_FTP =
      """
      use strict; use Net::FTP;
      my ($port, $passive, $version, $implicit, $refused, @more) = @ARGV;
      my $f = Net::FTP->new('127.0.0.1', Port => $port, Passive => $passive, Timeout => 20, SSL => $implicit,
        SSL_verify_mode => 0, SSL_version => $version, @more) or die "connect: $@";
      sub ok { my ($good, $what) = @_; $good or die "$what: " . $f->message }
      $implicit or ok($f->starttls, 'starttls');
      ok($f->login('alice', 'pw-alice'), 'login'); ok($f->binary, 'binary');
      if ($refused) {
        open STDERR, '>', '/dev/null';
        ok(!$f->put('big', 'perl'), 'is served'); $f->response; print $f->code, ' ', $f->message;
      } else {
        for (1 .. 3) {
          ok($f->put('big', 'perl'), 'put'); ok($f->size('perl') == -s 'big', 'size'); ok($f->get('perl', 'perl-back'), 'get');
          ok(-s 'perl-back' == -s 'big', 'size got'); ok((grep { $_ eq 'perl' } $f->ls), 'ls'); ok($f->delete('perl'), 'delete');
        }
        unlink 'perl-back';
      }
      ok($f->pwd eq '/', 'pwd'); ok($f->quit, 'quit');
      """;

  @ParameterizedTest
  @CsvSource({
    "TLSv1_3,0,1",
    "TLSv1_3,0,0",
    "TLSv1_3,2,1",
    "TLSv1_2,0,1",
    "TLSv1_2,0,0",
    "TLSv1_2,2,1"
  })
  void perlsNetFtpDoesNotResume(String version, int place, String passive) throws IOException {
    String implicit = place == TlsLab.IMPLICIT ? "1" : "0";
    String served = TlsLab.port(lab.lenient(), place);
    lab.script("perl", NET_FTP, served, passive, version, implicit, "0");
    String refused = TlsLab.port(lab.strict(), place);
    String said = lab.script("perl", NET_FTP, refused, "1", version, implicit, "1");
    assertTrue(said.contains("522 The data connection " + TlsLab.REFUSED), said);
  }

  // ---- Node.js ----

  private static final String BASIC_FTP =
      """
      const ftp = require('basic-ftp'), fs = require('fs'), crypto = require('crypto');
      const sum = f => crypto.createHash('md5').update(fs.readFileSync(f)).digest('hex');
      const [,, port, secure, version] = process.argv;
      (async () => {
        const c = new ftp.Client(20000);
        await c.access({ host: '127.0.0.1', port: +port, user: 'alice', password: 'pw-alice', secure: secure === 'implicit' ? secure : true,
          secureOptions: { rejectUnauthorized: false, minVersion: version, maxVersion: version } });
        for (let i = 0; i < 3; i++) {
          await c.uploadFrom('big', 'node'); await c.downloadTo('node-back', 'node');
          if (sum('big') !== sum('node-back')) throw 'not the same';
          if (!(await c.list()).some(f => f.name === 'node')) throw 'not listed';
          await c.remove('node');
        }
        fs.unlinkSync('node-back'); c.close();
      })().catch(e => { console.error(String(e)); process.exit(1); });
      """;

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3,explicit,0",
    "TLSv1.3,implicit,2",
    "TLSv1.2,explicit,0",
    "TLSv1.2,implicit,2"
  })
  void nodesBasicFtpResumes(String version, String secure, int place) throws IOException {
    String modules = System.getenv("NODE_PATH");
    assumeTrue(
        modules != null && Files.exists(Path.of(modules, "basic-ftp")),
        "NODE_PATH leads to no basic-ftp");
    lab.script("node", BASIC_FTP, TlsLab.port(lab.strict(), place), secure, version);
  }

  // ---- Java ----

  private static FTPSClient connect(Chain chain, int place, String protocol) throws IOException {
    FTPSClient c = new FTPSClient("TLS", place == TlsLab.IMPLICIT);
    c.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
    c.setEnabledProtocols(new String[] {protocol});
    c.setDefaultTimeout(20_000);
    c.setDataTimeout(java.time.Duration.ofSeconds(20));
    c.connect("127.0.0.1", chain.port(place));
    assertTrue(c.login("alice", "pw-alice"), c.getReplyString());
    c.execPBSZ(0);
    c.execPROT("P");
    c.setFileType(FTP.BINARY_FILE_TYPE);
    return c;
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3,0,true",
    "TLSv1.3,0,false",
    "TLSv1.3,2,true",
    "TLSv1.2,0,true",
    "TLSv1.2,0,false",
    "TLSv1.2,2,true"
  })
  void commonsNetDoesNotResume(String protocol, int place, boolean passive) throws IOException {
    FTPSClient c = connect(lab.lenient(), place, protocol);
    try {
      if (passive) {
        c.enterLocalPassiveMode();
      }
      assertTrue(c.storeFile("commons", new ByteArrayInputStream(lab.big)), c.getReplyString());
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      assertTrue(c.retrieveFile("commons", back), c.getReplyString());
      assertArrayEquals(lab.big, back.toByteArray());
      assertTrue(List.of(c.listNames()).contains("commons"));
      assertTrue(c.deleteFile("commons") && c.logout());
    } finally {
      c.disconnect();
    }
    FTPSClient refused = connect(lab.strict(), place, protocol);
    try {
      refused.enterLocalPassiveMode();
      assertThrows(SSLException.class, refused::listNames);
      assertEquals(522, refused.getReply());
      assertTrue(refused.getReplyString().contains(TlsLab.REFUSED), refused.getReplyString());
    } finally {
      refused.disconnect();
    }
  }
}
