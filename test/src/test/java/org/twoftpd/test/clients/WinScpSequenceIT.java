/*
 * What WinSCP sends over TLS, command by command, with one session offered for every data connection, as it does: the one
 * of the control connection that it has read last, or always the first.
 */
package org.twoftpd.test.clients;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TlsLab.Shared.class)
class WinScpSequenceIT {
  private final TlsLab lab;

  WinScpSequenceIT(TlsLab lab) {
    this.lab = lab;
  }

  private static final String PROGRAM =
      """
      import re, socket, ssl, sys
      port, version, implicit, always_first = int(sys.argv[1]), sys.argv[2], sys.argv[3] == '2', sys.argv[4] == 'first'
      context = ssl._create_unverified_context()
      context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
      control = socket.create_connection(('127.0.0.1', port), 20)
      if implicit: control = context.wrap_socket(control)
      lines = control.makefile('rb')
      def reply():
          line = lines.readline().decode()
          code = line[:3]
          while line[3:4] == '-' or line[:3] != code: line = lines.readline().decode()
          return line.rstrip()
      def say(line, *codes):
          control.sendall((line + '\\r\\n').encode())
          r = ''
          for code in codes:
              r = reply()
              assert r[:3] == str(code), line + ': ' + r
          return r
      first = None
      def transfer(command, upload=None):
          h = re.search(r'\\((.*)\\)', say('PASV', 227)).group(1).split(',')
          plain = socket.create_connection(('127.0.0.1', int(h[4]) * 256 + int(h[5])), 20)
          say(command, 150)
          data = context.wrap_socket(plain, session=first if always_first else control.session)
          assert data.session_reused, command
          got = b''
          if upload is None:
              while True:
                  b = data.recv(65536)
                  if not b: break
                  got += b
          else:
              data.sendall(upload)
          data.unwrap().close()
          assert reply()[:3] == '226'
          return got
      assert reply()[:3] == '220'
      if not implicit:
          say('AUTH TLS', 234)
          control = context.wrap_socket(control)
          lines = control.makefile('rb')
      say('USER alice', 331); say('PASS pw-alice', 230)
      first = control.session
      say('SYST', 215); say('FEAT', 211); say('OPTS UTF8 ON', 200); say('CLNT WinSCP-release-6.3', 200)
      say('PBSZ 0', 200); say('PROT P', 200)
      assert say('PWD', 257).startswith('257 "/"')
      first = control.session
      say('MKD /t', 257); say('CWD /t/', 250); say('PWD', 257); say('TYPE A', 200)
      transfer('MLSD')
      big = open('big', 'rb').read()
      say('TYPE I', 200)
      for name, content in ('x.txt', big), ('empty', b''), ('small', big[:100000]):
          transfer('STOR ' + name, content)
          say('MFMT 20240229235959 ' + name, 213)
          say('MLST /t/' + name, 250)
      say('SITE CHMOD 0644 x.txt', 200)
      for _ in range(3):
          say('TYPE A', 200)
          listed = transfer('MLSD').decode()
          assert 'modify=20240229235959' in listed and 'size=%d;' % len(big) in listed, listed
          say('TYPE I', 200)
          assert transfer('RETR x.txt') == big
      say('RNFR /t/x.txt', 350); say('RNTO /t/y.txt', 250); say('CWD /t/y.txt', 550); say('SIZE /t/y.txt', 213)
      say('TYPE A', 200)
      assert b'Feb 29  2024 y.txt' in transfer('LIST -a')
      for name in 'y.txt', 'empty', 'small': say('DELE /t/' + name, 250)
      say('CWD /', 250); say('RMD /t', 250)
      say('QUIT', 221)
      assert lines.read() == b''
      """;

  @ParameterizedTest
  @CsvSource({
    "TLSv1_3,0,last",
    "TLSv1_3,0,first",
    "TLSv1_3,2,last",
    "TLSv1_2,0,last",
    "TLSv1_2,0,first",
    "TLSv1_2,2,last"
  })
  void eachDataConnectionResumes(String version, int place, String session) throws IOException {
    lab.script(
        "/usr/bin/python3",
        PROGRAM,
        TlsLab.port(lab.strict(), place),
        version,
        Integer.toString(place),
        session);
  }
}
