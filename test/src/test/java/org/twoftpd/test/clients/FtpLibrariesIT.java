/*
 * The libraries that programs talk FTP with: Python's, Perl's, PHP's, and Apache Commons Net.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twoftpd.test.harness.Chain;

@ExtendWith(ClientLab.Shared.class)
class FtpLibrariesIT {
  private final ClientLab lab;

  FtpLibrariesIT(ClientLab lab) {
    this.lab = lab;
  }

  static List<DataConnectionMode> ftplib() {
    return Client.FTPLIB.ways();
  }

  static List<DataConnectionMode> netFtp() {
    return Client.NET_FTP.ways();
  }

  static List<DataConnectionMode> php() {
    return Client.PHP.ways();
  }

  static List<DataConnectionMode> commonsNet() {
    return Client.COMMONS_NET.ways();
  }

  private void script(DataConnectionMode way, String interpreter, String program)
      throws IOException {
    Files.writeString(lab.scratch("program"), program);
    lab.listen();
    lab.run(interpreter, "program", way.host(), lab.port(way), way.isActive() ? "0" : "1");
    lab.assertTook(way);
  }

  @ParameterizedTest
  @MethodSource("ftplib")
  void pythonsFtplib(DataConnectionMode way) throws IOException {
    script(
        way,
        "/usr/bin/python3",
        """
        import ftplib, io, sys
        f = ftplib.FTP(timeout=30)
        assert f.connect(sys.argv[1], int(sys.argv[2])).startswith('220')
        f.login('alice', 'pw-alice')
        f.set_pasv(sys.argv[3] == '1')
        f.mkd('py'); f.cwd('py')
        assert f.pwd() == '/py'
        data = bytes(range(256)) * 1000
        f.storbinary('STOR data', io.BytesIO(data))
        assert f.size('data') == len(data)
        got = io.BytesIO(); f.retrbinary('RETR data', got.write); assert got.getvalue() == data
        got = io.BytesIO(); f.retrbinary('RETR data', got.write, rest=1000); assert got.getvalue() == data[1000:]
        f.voidcmd('TYPE I')
        for rest, size in ((None, len(data)), (1000, len(data) - 1000)):
            t, told = f.ntransfercmd('RETR data', rest); assert told == size, told
            while t.recv(65536): pass
            t.close(); f.voidresp()
        t, told = f.ntransfercmd('STOR 1 (5 bytes).'); assert told is None, told
        t.close(); f.voidresp(); f.delete('1 (5 bytes).')
        f.storbinary('STOR data', io.BytesIO(b'xyz'), rest=10)
        got = io.BytesIO(); f.retrbinary('RETR data', got.write)
        assert got.getvalue() == data[:10] + b'xyz' + data[13:]
        f.storlines('STOR text', io.BytesIO(b'one\\ntwo\\n'))
        f.voidcmd('TYPE A'); t, told = f.ntransfercmd('RETR text'); assert told is None, told
        while t.recv(65536): pass
        t.close(); f.voidresp()
        lines = []; f.retrlines('RETR text', lines.append); assert lines == ['one', 'two']
        assert sorted(f.nlst()) == ['data', 'text']
        facts = dict(f.mlsd())
        assert facts['data']['size'] == '256000' and facts['data']['type'] == 'file', facts
        assert [n for n, _ in f.mlsd('', ['type'])][:2] == ['.', '..']
        listing = []; f.dir(listing.append); assert len(listing) == 2, listing
        f.voidcmd('TYPE I')
        t = f.transfercmd('RETR data'); t.recv(10)
        f.abort(); t.close()
        """
            // ftplib takes the transfer's reply for that to ABOR, which is still to come.
            + """
            f.voidresp()
            f.rename('data', 'moved'); f.delete('moved'); f.delete('text')
            f.cwd('..'); f.rmd('py')
            try:
                f.retrbinary('RETR gone', print)
            except ftplib.error_perm as e:
                assert str(e).startswith('550')
            else:
                raise SystemExit('no error')
            assert f.sendcmd('NOOP').startswith('200')
            f.quit()
            """);
  }

  /** urllib learns the length of a file before it fetches it. */
  @Test
  void pythonsUrllib() throws IOException {
    lab.place("u", ClientLab.random(5000));
    Files.writeString(
        lab.scratch("program"),
        """
        import sys, urllib.request
        with urllib.request.urlopen(sys.argv[1], timeout=30) as u:
            assert u.headers['Content-Length'] == '5000', u.headers
            assert len(u.read()) == 5000
        """);
    lab.run("/usr/bin/python3", "program", lab.url(DataConnectionMode.PASV) + "u");
    Files.delete(lab.stored("u"));
  }

  @ParameterizedTest
  @MethodSource("netFtp")
  void perlsNetFtp(DataConnectionMode way) throws IOException {
    script(
        way,
        "perl",
        """
        use strict; use Net::FTP;
        my ($host, $port, $passive) = @ARGV;
        my $f = Net::FTP->new($host, Port => $port, Passive => $passive, Timeout => 20) or die $@;
        sub ok { my ($good, $what) = @_; $good or die "$what: " . $f->message }
        ok($f->login('alice', 'pw-alice'), 'login');
        ok($f->binary, 'binary');
        ok($f->mkdir('pl/x/y', 1), 'mkdir'); ok($f->cwd('pl'), 'cwd');
        $f->alloc(100000); ok($f->ok, 'alloc');
        ok($f->put('small', 'f'), 'put'); ok($f->size('f') == 100000, 'size');
        ok(join(',', sort $f->ls) eq 'f,x', 'ls'); ok(2 == @{[$f->dir]}, 'dir');
        ok($f->put_unique('text', 'f'), 'put_unique');
        my $unique = $f->unique_name; ok($unique && $unique ne 'f', 'unique_name');
        ok($f->size($unique) == -s 'text', 'size of unique'); ok($f->delete($unique), 'delete');
        ok($f->append('text', 'f'), 'append');
        ok($f->get('f', 'back', 99990), 'get'); ok(-s 'back' == 10 + -s 'text', 'size got');
        ok($f->rename('f', 'g'), 'rename'); ok(abs($f->mdtm('g') - time) < 100, 'mdtm');
        ok($f->site('CHMOD 600 g') == 2, 'site');
        ok($f->supported($_), $_) for qw(MLSD EPSV SIZE MDTM REST STOU);
        ok(!$f->supported('XYZZY'), 'XYZZY'); ok($f->feature('UTF8'), 'feature');
        ok($f->ascii, 'ascii'); ok($f->put('text', 'txt'), 'put text'); ok($f->get('txt', 'back2'), 'get text');
        ok(-s 'back2' == -s 'text', 'text');
        ok($f->binary, 'binary');
        my $data = $f->retr('g'); my $some; ok($data->read($some, 100) > 0, 'read'); $data->abort;
        ok($f->pwd eq '/pl', 'pwd after an abort');
        ok($f->cdup, 'cdup'); ok($f->rmdir('pl', 1), 'rmdir'); ok($f->quit, 'quit');
        unlink 'back', 'back2';
        """);
  }

  @ParameterizedTest
  @MethodSource("php")
  void phps(DataConnectionMode way) throws IOException {
    script(
        way,
        "php",
        """
        <?php
        set_error_handler(function ($n, $what) { throw new ErrorException($what); });
        function ok($good, $what) { if (!$good) throw new Exception($what); }
        $c = ftp_connect($argv[1], (int) $argv[2], 20);
        ok(ftp_login($c, 'alice', 'pw-alice'), 'login'); ok(ftp_pasv($c, $argv[3] == '1'), 'pasv');
        ok(ftp_mkdir($c, 'php') == '/php', 'mkdir'); ok(ftp_chdir($c, 'php'), 'chdir'); ok(ftp_pwd($c) == '/php', 'pwd');
        ok(ftp_put($c, 'a b', 'small', FTP_BINARY), 'put'); ok(ftp_size($c, 'a b') == 100000, 'size');
        ok(ftp_nlist($c, '.') == ['./a b'] || ftp_nlist($c, '.') == ['a b'], 'nlist');
        ok(count(ftp_rawlist($c, '.')) == 1, 'rawlist'); ok(count(ftp_rawlist($c, '/php', true)) == 1, 'rawlist -R');
        ok(count(array_filter(ftp_mlsd($c, '.'), fn($e) => $e['type'] == 'file')) == 1, 'mlsd');
        file_put_contents('back', substr(file_get_contents('small'), 0, 1000));
        ok(ftp_get($c, 'back', 'a b', FTP_BINARY, FTP_AUTORESUME), 'get'); ok(md5_file('back') == md5_file('small'), 'same');
        ok(ftp_append($c, 'a b', 'text'), 'append'); ok(ftp_rename($c, 'a b', 'c'), 'rename');
        ok(abs(ftp_mdtm($c, 'c') - time()) < 100, 'mdtm'); ok(ftp_chmod($c, 0600, 'c') === 0600, 'chmod');
        ok(ftp_systype($c) == 'UNIX', 'systype'); ok(ftp_alloc($c, 100), 'alloc');
        $r = ftp_nb_get($c, 'back', 'c', FTP_BINARY); while ($r == FTP_MOREDATA) $r = ftp_nb_continue($c);
        ok($r == FTP_FINISHED, 'nb_get'); ok(filesize('back') == 100000 + filesize('text'), 'size got');
        ok(ftp_put($c, 't', 'text', FTP_ASCII), 'ascii'); ok(ftp_delete($c, 't'), 'delete');
        ok(ftp_delete($c, 'c'), 'delete'); ok(ftp_cdup($c), 'cdup'); ok(ftp_rmdir($c, 'php'), 'rmdir');
        ok(ftp_close($c), 'close'); unlink('back');
        """);
  }

  @ParameterizedTest
  @MethodSource("commonsNet")
  void commonsNet(DataConnectionMode way) throws IOException {
    lab.listen();
    FTPClient f = new FTPClient();
    f.setAutodetectUTF8(true);
    f.setDefaultTimeout(20_000);
    f.connect(way.host(), lab.chain().port(way.place));
    assertTrue(f.login("alice", "pw-alice"));
    f.setUseEPSVwithIPv4(way == DataConnectionMode.EPSV);
    if (!way.isActive()) {
      f.enterLocalPassiveMode();
    }
    assertTrue(f.setFileType(FTP.BINARY_FILE_TYPE));
    assertTrue(f.makeDirectory("net"));
    assertTrue(f.changeWorkingDirectory("net"));
    assertEquals("/net", f.printWorkingDirectory());
    byte[] content = ClientLab.random(100_000);
    String name = "\u6f22\u5b57";
    assertTrue(f.storeFile(name, new ByteArrayInputStream(content)));
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    assertTrue(f.retrieveFile(name, back));
    assertArrayEquals(content, back.toByteArray());
    FTPFile[] files = f.listFiles();
    assertEquals(1, files.length);
    assertEquals(name, files[0].getName());
    assertEquals(content.length, files[0].getSize());
    assertEquals(content.length, f.mlistDir()[2].getSize());
    assertEquals(name, f.listNames()[0]);
    assertEquals(content.length, f.mlistFile(name).getSize());
    assertTrue(f.setModificationTime(name, "20200102030405"));
    assertTrue(f.getModificationTime(name).contains("20200102030405"));
    assertTrue(f.appendFile(name, new ByteArrayInputStream(content)));
    assertEquals("200000", f.getSize(name));
    f.setRestartOffset(199_999);
    back.reset();
    assertTrue(f.retrieveFile(name, back));
    assertEquals(1, back.size());
    assertTrue(f.storeUniqueFile(new ByteArrayInputStream(content)));
    assertEquals(2, f.listFiles().length);
    for (String n : f.listNames()) {
      assertTrue(f.rename(n, "x"));
      assertTrue(f.deleteFile("x"));
    }
    assertTrue(f.changeToParentDirectory());
    assertTrue(f.removeDirectory("net"));
    assertTrue(f.features());
    assertTrue(f.sendNoOp());
    assertTrue(f.logout());
    f.disconnect();
    lab.assertTook(way);
  }

  /** What java.net.URL does: EPSV ALL first, then EPSV. */
  @Test
  void javasOwnUrls() throws IOException {
    lab.place("u", ClientLab.random(5000));
    java.net.URLConnection down =
        java.net.URI.create(lab.url(DataConnectionMode.EPSV) + "u;type=i").toURL().openConnection();
    assertEquals(5000, down.getContentLength());
    try (java.io.InputStream in = down.getInputStream()) {
      assertArrayEquals(ClientLab.random(5000), in.readAllBytes());
    }
    java.net.URLConnection up =
        java.net.URI.create(lab.url(DataConnectionMode.EPSV) + "u;type=i").toURL().openConnection();
    up.setDoOutput(true);
    try (java.io.OutputStream out = up.getOutputStream()) {
      out.write(1);
    }
    Chain.eventually("it is stored", () -> lab.stored("u").toFile().length() == 1);
    Files.delete(lab.stored("u"));
  }
}
