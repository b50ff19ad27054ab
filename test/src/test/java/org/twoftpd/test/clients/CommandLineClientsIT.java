/*
 * Programs that fetch or store and end: wget, BusyBox, aria2, axel, wput.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ClientLab.Shared.class)
class CommandLineClientsIT {
  private final ClientLab lab;
  private final byte[] big = ClientLab.random(3_000_000);

  CommandLineClientsIT(ClientLab lab) {
    this.lab = lab;
  }

  static List<DataConnectionMode> wget() {
    return Client.WGET.ways();
  }

  static List<DataConnectionMode> busybox() {
    return Client.BUSYBOX.ways();
  }

  static List<DataConnectionMode> aria2() {
    return Client.ARIA2.ways();
  }

  static List<DataConnectionMode> axel() {
    return Client.AXEL.ways();
  }

  static List<DataConnectionMode> wput() {
    return Client.WPUT.ways();
  }

  @BeforeEach
  void place() throws IOException {
    lab.place("big", big);
    lab.listen();
  }

  @AfterEach
  void clean() throws IOException {
    lab.remove(lab.scratch("back"), lab.stored("big"), lab.stored("huge"), lab.stored("up"));
  }

  private void assertCameBack() throws IOException {
    assertArrayEquals(big, Files.readAllBytes(lab.scratch("back")));
  }

  /** wget removes blanks and takes %20 for one, so the hardest names are left out. */
  @ParameterizedTest
  @MethodSource("wget")
  void wgetFetchesATree(DataConnectionMode way) throws IOException {
    lab.run("cp", "-r", "mild", lab.stored("up").toString());
    lab.run(
        "wget",
        "-q",
        "-r",
        "-l",
        "9",
        "-nH",
        "--restrict-file-names=nocontrol",
        way.isActive() ? "--no-passive-ftp" : "--passive-ftp",
        "-P",
        "back",
        lab.url(way) + "up/");
    lab.assertSame(lab.scratch("mild"), lab.scratch("back/up"));
    lab.assertTook(way);
  }

  @Test
  void wgetResumesComparesTimesAndExpandsPatterns() throws IOException {
    String url = lab.url(DataConnectionMode.PASV);
    lab.listen();
    Files.write(lab.scratch("back"), Arrays.copyOf(big, 1_000_000));
    lab.run("wget", "-q", "-c", "-O", "back", url + "big");
    lab.run("wget", "-q", "-c", "-O", "back", url + "big");
    assertCameBack();
    Files.delete(lab.scratch("back"));
    FileTime time = FileTime.from(Instant.parse("2021-03-04T00:00:00Z"));
    Files.setLastModifiedTime(lab.stored("big"), time);
    for (int i = 0; i < 2; i++) {
      lab.run("wget", "-q", "-N", "-P", "back", url + "big");
    }
    // wget reads times from LIST, which shows no hours for a date so long ago.
    assertEquals(time, Files.getLastModifiedTime(lab.scratch("back/big")));
    lab.assertSaid("RETR big", 2);
    lab.run("wget", "-q", "-P", "back", url + "b?[a-h]*");
    assertArrayEquals(big, Files.readAllBytes(lab.scratch("back/big.1")));
    assertEquals(8, lab.status("", new StringBuilder(), "wget", "-q", url + "nothing"));
    String listing = lab.run("wget", "-q", "--spider", "-S", url + "big");
    assertTrue(listing.contains(" 3000000 Mar  4  2021 big"), listing);
  }

  @ParameterizedTest
  @MethodSource("busybox")
  void busyboxGetsAndPuts(DataConnectionMode way) throws IOException {
    String[] a = {"busybox", "", "-u", "alice", "-p", "pw-alice", "-P", lab.port(way), way.host()};
    String[] put = Arrays.copyOf(a, a.length + 2);
    put[1] = "ftpput";
    put[a.length] = "up";
    put[a.length + 1] = "big";
    lab.run(put);
    assertArrayEquals(big, Files.readAllBytes(lab.stored("up")));
    Files.write(lab.scratch("back"), Arrays.copyOf(big, 7));
    String[] get = Arrays.copyOf(a, a.length + 3);
    get[1] = "ftpget";
    System.arraycopy(a, 8, get, 9, 1);
    get[8] = "-c";
    get[10] = "back";
    get[11] = "up";
    lab.run(get);
    assertCameBack();
    lab.assertTook(way);
    lab.run("busybox", "wget", "-q", "-O", "back", lab.url(way) + "big");
    assertCameBack();
  }

  /**
   * Each part is larger than sockets' buffers. With smaller ones aria2 may read 226 together with
   * 150, with any server, and then waits for 226 for ever.
   */
  @ParameterizedTest
  @MethodSource("aria2")
  void aria2FetchesInParts(DataConnectionMode way) throws IOException {
    byte[] huge = ClientLab.random(50_000_001);
    lab.place("huge", huge);
    lab.run(
        "aria2c",
        "-q",
        "--no-conf",
        "--ftp-pasv=" + !way.isActive(),
        "-s3",
        "-x3",
        "-k16M",
        "-R",
        "-o",
        "back",
        lab.url(way) + "huge");
    assertArrayEquals(huge, Files.readAllBytes(lab.scratch("back")));
    lab.assertTook(way);
  }

  @ParameterizedTest
  @MethodSource("axel")
  void axelFetchesInParts(DataConnectionMode way) throws IOException {
    lab.run("axel", "-q", "-n", "4", "-o", "back", lab.url(way) + "big");
    assertCameBack();
    lab.assertTook(way);
  }

  @ParameterizedTest
  @MethodSource("wput")
  void wputStoresATreeAndThenNothing(DataConnectionMode way) throws IOException {
    lab.listen();
    Path odd = lab.scratch("odd");
    String[] store = {
      "sh",
      "-c",
      "cd odd && exec wput -nv -B -t 2 \"$@\"",
      "sh",
      way.isActive() ? "--port-mode" : "--binary",
      ".",
      lab.url(way) + "up/"
    };
    lab.run(store);
    lab.assertSame(odd, lab.stored("up"));
    // With status 1 wput says that it has skipped files.
    assertEquals(1, lab.status("", new StringBuilder(), store));
    lab.assertSaid("STOR .*", 250);
    lab.assertTook(way);
  }
}
