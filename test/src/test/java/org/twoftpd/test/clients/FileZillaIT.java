/*
 * FileZilla itself, in a window that nobody sees: with its defaults it connects to a site, shows it, and works off a queue.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.shared.os.Native;
import org.twoftpd.test.harness.Chain;

@ExtendWith(TlsLab.Shared.class)
class FileZillaIT {
  private static final String[] FILES = {"big", "small", "text", "empty"};

  /** How long the window may take to do what a key asks for, before the key is pressed again. */
  private static final int PATIENCE_TENTHS = 150;

  private final TlsLab lab;
  private final Chain chain;
  private Process screen;
  private Process program;
  private String display;
  private Path home;

  FileZillaIT(TlsLab lab) {
    this.lab = lab;
    this.chain = lab.strict();
  }

  @BeforeEach
  void openScreen() throws IOException {
    for (String p : List.of("filezilla", "Xvfb", "xdotool")) {
      ClientLab.assumeThere(p);
    }
    home = Files.createDirectory(lab.files.scratch("filezilla"));
    screen =
        new ProcessBuilder(
                "Xvfb", "-displayfd", "1", "-screen", "0", "1000x700x24", "-nolisten", "tcp")
            .redirectError(home.resolve("screen.log").toFile())
            .start();
    BufferedReader said = screen.inputReader(StandardCharsets.US_ASCII);
    display = ":" + said.readLine();
  }

  @AfterEach
  void closeScreen() throws Exception {
    for (Process p : new Process[] {program, screen}) {
      if (p != null) {
        p.destroy();
        if (!p.waitFor(20, TimeUnit.SECONDS)) {
          p.destroyForcibly().waitFor();
        }
      }
    }
    if (home != null) {
      lab.files.remove(home, TlsLab.stored(chain, "fz"));
    }
  }

  /**
   * What the program finds in its directory: that the certificate is trusted, a site, and a queue
   * of all {@link #FILES} up, and of those that are there down. All else is as it is by default,
   * but for the greeting and the search for a newer version. Schema 6 of the queue is one from
   * which each newer program goes on.
   */
  private static final String SETTINGS =
      """
      import base64, os, sqlite3, ssl, sys, time
      home, port, protocol, pem, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:]
      d = home + '/.config/filezilla/'
      os.makedirs(d)
      text = open(pem).read(); end = '-----END CERTIFICATE-----'
      der = ssl.PEM_cert_to_DER_cert(text[text.index('-----BEGIN CERT'):text.index(end) + len(end)] + '\\n')
      now = int(time.time())
      def write(name, what):
          open(d + name + '.xml', 'w').write('<?xml version="1.0"?><FileZilla3>%s</FileZilla3>' % what)
      write('trustedcerts', f'''<TrustedCerts><Certificate><Data>{der.hex()}</Data><ActivationTime>{now - 86400}</ActivationTime>
        <ExpirationTime>{now + 864000}</ExpirationTime><Host>127.0.0.1</Host><Port>{port}</Port><TrustSANs>0</TrustSANs></Certificate></TrustedCerts>''')
      write('sitemanager', f'''<Servers><Server><Host>127.0.0.1</Host><Port>{port}</Port><Protocol>{protocol}</Protocol><Type>0</Type>
        <User>alice</User><Pass encoding="base64">{base64.b64encode(b'pw-alice').decode()}</Pass><Logontype>1</Logontype>
        <PasvMode>MODE_DEFAULT</PasvMode><EncodingType>Auto</EncodingType><BypassProxy>0</BypassProxy><Name>lab</Name></Server></Servers>''')
      write('filezilla', '''<Settings><Setting name="Greeting version">99.0.0</Setting><Setting name="Disable update check">1</Setting>
        </Settings>''')
      q = sqlite3.connect(d + 'queue.sqlite3')
      q.execute('PRAGMA encoding="UTF-16le"')
      key = 'id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL'
      q.executescript(f'''
        CREATE TABLE servers ({key}, host TEXT NOT NULL, port INTEGER, user TEXT, password TEXT, account TEXT, keyfile TEXT,
          protocol INTEGER, type INTEGER, logontype INTEGER, timezone_offset INTEGER, transfer_mode TEXT, max_connections INTEGER,
          encoding TEXT, bypass_proxy INTEGER, post_login_commands TEXT, name TEXT, parameters TEXT, site_path TEXT DEFAULT NULL);
        CREATE TABLE files ({key}, server INTEGER NOT NULL, source_file TEXT, target_file TEXT, local_path INTEGER,
          remote_path INTEGER, size INTEGER, error_count INTEGER, priority INTEGER, flags INTEGER, default_exists_action INTEGER);
        CREATE INDEX server_index ON files (server);
        CREATE TABLE local_paths ({key}, path TEXT NOT NULL);
        CREATE TABLE remote_paths ({key}, path TEXT NOT NULL);
        PRAGMA user_version = 6;''')
      q.execute('''INSERT INTO servers (id, host, port, user, password, protocol, type, logontype, transfer_mode, encoding,
        bypass_proxy, name) VALUES (1, '127.0.0.1', ?, 'alice', 'pw-alice', ?, 0, 1, 'default', 'Auto', 0, 'lab')''', (port, protocol))
      q.execute('INSERT INTO local_paths VALUES (1, ?)', (home + '/',))
      q.execute("INSERT INTO remote_paths VALUES (1, '1 0 2 fz')")
      add = 'INSERT INTO files (server, source_file, target_file, local_path, remote_path, size, priority, flags) VALUES (1,?,?,1,1,?,2,?)'
      for f in files:
          q.execute(add, (f, None, os.path.getsize(home + '/' + f), 0))
          q.execute(add, ('there-' + f, 'got-' + f, None, 16))
      q.commit()
      """;

  private void press(String key) throws IOException {
    lab.files.run(
        "env",
        "DISPLAY=" + display,
        "sh",
        "-c",
        "w=$(xdotool search --onlyvisible --name FileZilla | head -n 1) && xdotool windowfocus $w"
            + " key "
            + key);
  }

  private boolean comesTrue(Chain.Trial trial) throws IOException {
    for (int i = 0; i < PATIENCE_TENTHS && !trial.succeeds(); i++) {
      int _ = Native.poll(new int[0], new short[0], 0, 100);
    }
    return trial.succeeds();
  }

  private String logSince(int from) throws IOException {
    return chain.log().substring(from);
  }

  /** 0 is FTP, with TLS if the server has it, which is the default; 3 is implicit TLS. */
  @ParameterizedTest
  @CsvSource({"0,0", "3,2"})
  void connectsShowsAndWorksOffItsQueue(int protocol, int place) throws IOException {
    Path there = Files.createDirectory(TlsLab.stored(chain, "fz"));
    for (String f : FILES) {
      byte[] bytes = f.equals("empty") ? new byte[0] : Files.readAllBytes(lab.files.scratch(f));
      Files.write(home.resolve(f), bytes);
      Files.write(there.resolve("there-" + f), bytes);
    }
    lab.files.run("chown", "-R", Integer.toString(chain.user("alice").uid()), there.toString());
    String pem = lab.certificate(chain).toString();
    String[] arguments = {
      home.toString(), TlsLab.port(chain, place), Integer.toString(protocol), pem
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + FILES.length);
    System.arraycopy(FILES, 0, all, arguments.length, FILES.length);
    lab.script("/usr/bin/python3", SETTINGS, all);

    int from = chain.log().length();
    ProcessBuilder b =
        new ProcessBuilder("filezilla", "-c", "0/lab", "-a", home.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("program.log").toFile());
    b.environment().putAll(java.util.Map.of("HOME", home.toString(), "DISPLAY", display));
    b.environment().remove("XDG_CONFIG_HOME");
    program = b.start();
    Chain.eventuallyTold("the window shows the site", () -> logSince(from).contains("text=MLSD"));
    // This key starts the queue, or stops it where it was started.
    press("ctrl+p");
    while (!comesTrue(() -> logSince(from).contains("text=\"STOR"))) {
      press("ctrl+p");
    }
    String done =
        "(?s).*(load user=alice [^\n]*path=/fz/[^\n]* result=done.*){" + 2 * FILES.length + "}";
    Chain.eventuallyTold("the queue is worked off", () -> logSince(from).matches(done));
    for (String f : FILES) {
      byte[] bytes = Files.readAllBytes(home.resolve(f));
      assertArrayEquals(bytes, Files.readAllBytes(there.resolve(f)), f);
      Chain.eventuallyTold(
          f + " is there",
          () ->
              Files.exists(home.resolve("got-" + f))
                  && Files.size(home.resolve("got-" + f)) == bytes.length);
      assertArrayEquals(bytes, Files.readAllBytes(home.resolve("got-" + f)), f);
    }
    String log = logSince(from);
    assertFalse(log.contains("tls-data"), log);
    assertFalse(log.contains("result=failed"), log);
    assertTrue(log.contains("tls=TLSv1.3"), log);
    // It notes of each server whether data connections resume.
    String known = Files.readString(home.resolve(".config/filezilla/trustedcerts.xml"));
    assertEquals(
        "true", known.replaceAll("(?s).*<FtpSessionResumption>.*?>(true|false)<.*", "$1"), known);
  }
}
