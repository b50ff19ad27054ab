/*
 * Plays what clients that no Debian package has, and devices, send in their own order, and checks the replies that they need.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClientLab.Shared.class)
class TranscriptsIT {
  private static final String LOGIN = "USER alice | 331\nPASS pw-alice | 230\n";

  private final ClientLab lab;

  TranscriptsIT(ClientLab lab) {
    this.lab = lab;
  }

  @AfterEach
  void clean() throws IOException {
    lab.remove(lab.stored("t"));
  }

  private String play(String lines) throws IOException {
    try (Transcript t = new Transcript(lab.chain())) {
      return t.play(lines).received();
    }
  }

  @Test
  void fileZilla() throws IOException {
    String listed =
        play(
            """
            AUTH TLS | 502
            AUTH SSL | 502
            """
                + LOGIN
                + """
                SYST | 215
                FEAT | 211
                CLNT FileZilla | 200
                OPTS UTF8 ON | 200
                OPTS MLST type;size;modify;perm;UNIX.mode;UNIX.owner;UNIX.group; | 200
                PWD | 257
                TYPE I | 200
                MKD t | 257
                CWD t | 250
                PWD | 257
                PASV | 227
                STOR a b.txt | 150 226
                MFMT 20200102030405 a b.txt | 213
                SIZE a b.txt | 213
                MDTM a b.txt | 213
                PASV | 227
                REST 2 | 350
                RETR a b.txt | 150 226
                PASV | 227
                APPE a b.txt | 150 226
                SITE CHMOD 640 a b.txt | 200
                RNFR a b.txt | 350
                RNTO /t/c.txt | 250
                CDUP | 250
                CWD /t | 250
                PASV | 227
                MLSD | 150 226
                NOOP | 200
                """);
    assertTrue(listed.matches("(?s).*type=file;size=12;modify=2.* c.txt\r\n.*"), listed);
  }

  @Test
  void winScp() throws IOException {
    String listed =
        play(
            LOGIN
                + """
                SYST | 215
                FEAT | 211
                OPTS UTF8 ON | 200
                CLNT WinSCP-release-6.3 | 200
                PWD | 257
                MKD /t | 257
                CWD /t/ | 250
                PWD | 257
                TYPE I | 200
                PASV | 227
                STOR x.txt | 150 226
                MFMT 20240229235959 x.txt | 213
                MLST /t/x.txt | 250
                SITE CHMOD 0644 x.txt | 200
                TYPE A | 200
                PASV | 227
                MLSD | 150 226
                CWD /t/x.txt | 550
                CWD /no | 550
                SIZE /t/x.txt | 213
                RNFR /t/x.txt | 350
                RNTO /t/y.txt | 250
                TYPE I | 200
                PASV | 227
                LIST -a | 150 226
                DELE /t/y.txt | 250
                RMD /t | 250
                QUIT | 221
                """);
    assertTrue(listed.matches("(?s).*-rw-r--r--.*Feb 29  2024 y.txt\r\n.*"), listed);
  }

  /** Active mode, X commands, NLST for ls, and UTF8 asked for before the login. */
  @Test
  void windowsFtpExe() throws IOException {
    assertEquals(
        "f\r\n",
        play(
            "OPTS UTF8 ON | 200\n"
                + LOGIN
                + """
                XMKD t | 257
                CWD t | 250
                XPWD | 257
                PORT * | 200
                STOR f | 150 226
                PORT * | 200
                LIST | 150 226
                TYPE I | 200
                PORT * | 200
                RETR f | 150 226
                TYPE A | 200
                PORT * | 200
                NLST | 150 226
                RNFR nothing | 550
                HELP | 214
                CWD .. | 250
                XRMD t | 550
                QUIT | 221
                """));
    // The text went through ASCII both ways.
    assertEquals("line\n", Files.readString(lab.stored("t/f")));
  }

  /** WinINet: lower case, NOOP before everything. */
  @Test
  void windowsExplorer() throws IOException {
    String listed =
        play(
            LOGIN
                + """
                opts utf8 on | 200
                syst | 215
                site help | 214
                PWD | 257
                noop | 200
                CWD / | 250
                mkd t | 257
                noop | 200
                cwd /t/ | 250
                type i | 200
                pasv | 227
                stor New Text Document.txt | 150 226
                noop | 200
                TYPE A | 200
                PASV | 227
                LIST | 150 226
                noop | 200
                size New Text Document.txt | 213
                rnfr New Text Document.txt | 350
                rnto n.txt | 250
                dele n.txt | 250
                cwd / | 250
                rmd t | 250
                """);
    assertTrue(listed.endsWith(" New Text Document.txt\r\n"), listed);
  }

  /** A scanner: a try whether the folder is there, room asked for, a lock beside the document. */
  @Test
  void scannersAndPrinters() throws IOException {
    play(
        LOGIN
            + """
            SYST | 215
            MODE S | 200
            STRU F | 200
            TYPE I | 200
            CWD t | 550
            MKD t | 257
            CWD t | 250
            XMKD DOC0001.LCK | 257
            NLST | 425
            SIZE DOC0001.PDF | 550
            ALLO 1048576 | 200
            PORT * | 200
            STOR DOC0001.TMP | 150 226
            RNFR DOC0001.TMP | 350
            RNTO  DOC 0001.PDF | 250
            PORT * | 200
            NLST  DOC 0001.PDF | 150 226
            XRMD DOC0001.LCK | 250
            ACCT scan | 230
            REIN | 502
            QUIT | 221
            """);
    assertEquals(Transcript.STORED, Files.readString(lab.stored("t/ DOC 0001.PDF")));
  }

  /** A camera: each part of the path by itself, made when it is not there, every time again. */
  @Test
  void cameras() throws IOException {
    String lines =
        LOGIN
            + """
            PWD | 257
            TYPE I | 200
            CWD / | 250
            MKD t | %d
            CWD t | 250
            MKD 2024-02-29 | %d
            CWD 2024-02-29 | 250
            PASV | 227
            TYPE I | 200
            STOR cam1_00.jpg.tmp | 150 226
            RNFR cam1_00.jpg.tmp | 350
            RNTO cam1_00.jpg | 250
            CWD .. | 250
            CDUP | 250
            QUIT | 221
            """;
    play(lines.formatted(257, 257));
    play(lines.formatted(550, 550));
    assertTrue(Files.exists(lab.stored("t/2024-02-29/cam1_00.jpg")));
  }

  /** Options that ls has and LIST has not, SIZE in ASCII, TYPE between PASV and LIST. */
  @Test
  void listersOfEveryAge() throws IOException {
    Files.createDirectory(lab.stored("t"));
    Files.writeString(lab.stored("t/.dot"), "");
    Files.writeString(lab.stored("t/a.txt"), "1\n2\n");
    Files.createDirectory(lab.stored("t/sub dir"));
    lab.run("chown", "-R", "64101", lab.stored("t").toString());
    String plain = play(LOGIN + "CWD t | 250\nPASV | 227\nLIST | 150 226\n");
    for (String list :
        new String[] {
          "LIST -a",
          "LIST -al",
          "LIST -la .",
          "LIST -lL",
          "list -a ",
          "LIST ",
          "LIST ./",
          "LIST /t",
          "LIST -l -a",
          "NLST -l",
          "NLST -la",
          "NLST -al /t",
        }) {
      String listed =
          play(LOGIN + "CWD t | 250\nPASV | 227\nTYPE A | 200\n" + list + " | 150 226\n");
      assertEquals(plain, listed, list);
    }
    assertEquals("a.txt\r\n", play(LOGIN + "CWD t | 250\nPASV | 227\nNLST *.txt | 150 226\n"));
    assertEquals("/t/a.txt\r\n", play(LOGIN + "PASV | 227\nNLST /t/a.txt | 150 226\n"));
    assertFalse(play(LOGIN + "PASV | 227\nNLST -1 t | 150 226\n").contains("rw-"));
    play(
        LOGIN
            + """
            TYPE A N | 200
            SIZE t/a.txt | 213
            TYPE L 8 | 200
            TYPE E | 504
            STRU R | 504
            MODE B | 504
            STAT | 211
            STAT t | 213
            MDTM 20190102030405 t/a.txt | 200
            REST 0 | 350
            SITE IDLE 600 | 502
            PASV | 227
            STOU | 150 226
            ABOR | 226
            LIST | 425
            EPSV ALL | 200
            PORT 127,0,0,1,200,200 | 501
            EPSV | 229
            NLST t | 150 226
            """);
    assertEquals(
        "2019-01-02T03:04:05Z", Files.getLastModifiedTime(lab.stored("t/a.txt")).toString());
  }
}
