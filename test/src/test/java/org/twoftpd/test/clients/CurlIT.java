/*
 * curl, with every option of its manual that is about FTP without TLS.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ClientLab.Shared.class)
class CurlIT {
  private final ClientLab lab;
  private final String url;

  CurlIT(ClientLab lab) {
    this.lab = lab;
    this.url = lab.url(DataConnectionMode.EPSV);
  }

  static List<DataConnectionMode> ways() {
    return Client.CURL.ways();
  }

  @BeforeEach
  void place() throws IOException {
    lab.place("file", ClientLab.random(10_000));
  }

  private String curl(String... arguments) throws IOException {
    return lab.run(command(arguments));
  }

  private static String[] command(String... arguments) {
    List<String> c = new ArrayList<>(List.of("curl", "-sS", "--fail", "--max-time", "40"));
    c.addAll(List.of(arguments));
    return c.toArray(String[]::new);
  }

  private byte[] back() throws IOException {
    Path p = lab.scratch("back");
    byte[] b = Files.readAllBytes(p);
    Files.delete(p);
    return b;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void goesEveryWay(DataConnectionMode way) throws IOException {
    lab.listen();
    String[] mode =
        switch (way) {
          case PASV -> new String[] {"--ftp-pasv", "--disable-epsv"};
          case EPSV, EPSV_6 -> new String[] {"--ftp-pasv"};
          case PORT -> new String[] {"--ftp-port", "-", "--disable-eprt"};
          case EPRT, EPRT_6 -> new String[] {"--ftp-port", "-"};
        };
    String there = lab.url(way) + "new/dir%20x/c";
    String[] c = Arrays.copyOf(mode, mode.length + 3);
    for (String[] act :
        new String[][] {
          {"--ftp-create-dirs", "-Tsmall", there}, {"-oback", "-g", there}, {"-lg", "-oback", there}
        }) {
      System.arraycopy(act, 0, c, mode.length, 3);
      if (act[0].equals("-lg")) {
        c[mode.length + 2] = lab.url(way) + "new/";
        curl(c);
        assertEquals("dir x", new String(back(), StandardCharsets.US_ASCII).trim());
      } else {
        curl(c);
      }
      if (act[0].equals("-oback")) {
        assertArrayEquals(Files.readAllBytes(lab.scratch("small")), back());
      }
    }
    lab.assertTook(way);
    lab.remove(lab.stored("new"));
  }

  @Test
  void resumesAppendsAndTakesRanges() throws IOException {
    byte[] all = ClientLab.random(10_000);
    Files.write(lab.scratch("back"), Arrays.copyOf(all, 4000));
    curl("-C", "-", "-o", "back", url + "file");
    assertArrayEquals(all, back());
    curl("-r", "100-199", "-o", "back", url + "file");
    assertArrayEquals(Arrays.copyOfRange(all, 100, 200), back());
    curl("-r", "9000-", "-o", "back", url + "file");
    assertArrayEquals(Arrays.copyOfRange(all, 9000, 10_000), back());
    curl("-r", "-50", "-o", "back", url + "file");
    assertArrayEquals(Arrays.copyOfRange(all, 9950, 10_000), back());
    lab.place("up", Arrays.copyOf(ClientLab.random(100_000), 33_333));
    curl("-C", "33333", "-T", "small", url + "up");
    assertArrayEquals(ClientLab.random(100_000), Files.readAllBytes(lab.stored("up")));
    curl("--append", "-T", "text", url + "up");
    assertEquals(100_014, Files.size(lab.stored("up")));
    curl("-Q", "-DELE up", "-l", url);
    assertFalse(Files.exists(lab.stored("up")));
  }

  @Test
  void reachesADirectoryInEachOfItsThreeWays() throws IOException {
    Files.createDirectories(lab.stored("a/b c/d"));
    Files.writeString(lab.stored("a/b c/d/e"), "x");
    for (String method : new String[] {"multicwd", "nocwd", "singlecwd"}) {
      assertEquals("x", curl("--ftp-method", method, url + "a/b%20c/d/e"));
      // Without a CWD, curl asks for the whole path and shows what it gets.
      assertEquals(
          method.equals("nocwd") ? "a/b c/d/e" : "e",
          curl("--ftp-method", method, "-l", url + "a/b%20c/d/").trim());
    }
    // The root of the file system is the home.
    assertEquals("x", curl(url + "%2Fa/b%20c/d/e"));
    lab.remove(lab.stored("a"));
  }

  @Test
  void quotesCommandsBeforeAndAfter() throws IOException {
    assertEquals(
        "q",
        curl("-Q", "MKD q1", "-Q", "*RMD nothing", "-Q", "RNFR q1", "-Q", "RNTO q", "-l", url)
            .lines()
            .filter(n -> n.startsWith("q"))
            .findFirst()
            .orElse(""));
    curl("-Q", "-RMD q", "-Q", "+PWD", "-o", "back", url + "file");
    assertFalse(Files.exists(lab.stored("q")));
    Files.delete(lab.scratch("back"));
    assertEquals(21, lab.status("", new StringBuilder(), command("-Q", "RMD nothing", url)));
  }

  @Test
  void asksForSizeAndTime() throws IOException {
    Files.setLastModifiedTime(
        lab.stored("file"),
        java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2020-01-02T03:04:05Z")));
    String head = curl("-I", url + "file");
    assertTrue(head.contains("Content-Length: 10000"), head);
    assertTrue(head.contains("Last-Modified: Thu, 02 Jan 2020 03:04:05 GMT"), head);
    curl("-z", "Thu, 02 Jan 2020 03:04:06 GMT", "-o", "back", url + "file");
    assertFalse(Files.exists(lab.scratch("back")), "it is not newer");
    curl("-z", "-Thu, 02 Jan 2020 03:04:06 GMT", "-R", "-o", "back", url + "file");
    assertEquals(
        "2020-01-02T03:04:05Z",
        Files.getLastModifiedTime(lab.scratch("back")).toInstant().toString());
    assertEquals(10_000, back().length);
  }

  @Test
  void translatesText() throws IOException {
    String text = Files.readString(lab.scratch("text"));
    curl("--crlf", "-T", "text", url + "crlf");
    assertEquals(text.replace("\n", "\r\n"), Files.readString(lab.stored("crlf")));
    curl("-B", "--crlf", "-T", "text", url + "ascii");
    assertEquals(text, Files.readString(lab.stored("ascii")));
    curl("-B", "-o", "back", url + "ascii");
    assertEquals(text, new String(back(), StandardCharsets.US_ASCII).replace("\r", ""));
    curl("-o", "back", url + "ascii;type=a");
    assertEquals(text, new String(back(), StandardCharsets.US_ASCII).replace("\r", ""));
    curl("-Q", "-DELE ascii", "-Q", "-DELE crlf", "-l", url);
  }

  @Test
  void takesWhatElseItHas() throws IOException {
    byte[] all = ClientLab.random(10_000);
    for (String[] option :
        new String[][] {
          {"--ftp-account", "acct"},
          {"--ftp-alternative-to-user", "USER bob"},
          {"--ftp-skip-pasv-ip", "--disable-epsv"},
          {"--no-ftp-skip-pasv-ip", "--disable-epsv"},
          {"--limit-rate", "40k"},
          {"--tcp-nodelay", "--keepalive"},
          {"--ssl", "--ipv4"},
          {"--ftp-port", "127.0.0.1"},
          {"--ftp-port", "127.0.0.1:40000-50000"},
          {"--ftp-port", "lo"},
          {"--max-filesize", "10000"},
          {"--no-buffer", "--ignore-content-length"},
        }) {
      curl(option[0], option[1], "-o", "back", url + "file");
      assertArrayEquals(all, back(), () -> Arrays.toString(option));
    }
    // Several files on one connection, by its own patterns; from its standard input.
    curl("-T", "{small,text}", url + "many/", "--ftp-create-dirs");
    curl("-o", "back#1", url + "many/{small,text}");
    assertArrayEquals(ClientLab.random(100_000), Files.readAllBytes(lab.scratch("backsmall")));
    lab.runWith("from a pipe", command("-T", "-", url + "many/pipe"));
    assertEquals("from a pipe", Files.readString(lab.stored("many/pipe")));
    lab.remove(lab.stored("many"), lab.scratch("backsmall"), lab.scratch("backtext"));
  }

  @Test
  void tellsFailuresByItsOwnNumbers() throws IOException {
    StringBuilder out = new StringBuilder();
    assertEquals(9, lab.status("", out, command(url + "no/such/")), out::toString);
    assertEquals(78, lab.status("", out, command(url + "nothing")), out::toString);
    assertEquals(67, lab.status("", out, command("-u", "alice:wrong", url)), out::toString);
    Files.createDirectory(lab.stored("a"));
    assertEquals(25, lab.status("", out, command("-T", "text", url + "a")), out::toString);
    Files.delete(lab.stored("a"));
  }
}
