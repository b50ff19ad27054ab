/*
 * Row 28 of attacks.txt: an account that does not exist, a locked one and a wrong password get the same answer after the same
 * time.  Changes of the users file take effect.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthenticatorTest {
  private static final CryptLibrary LIBRARY = CryptLibrary.load();
  private static final String REFUSED = "6402070800";

  @TempDir Path directory;
  private Path file;
  private Authenticator authenticator;

  @BeforeEach
  void users() throws Exception {
    file = directory.resolve("users");
    write("bob:" + Hashes.SHA512 + ":1001:1002::/home/bob:/bin/sh\n");
    authenticator = new Authenticator(new UsersFile(file), LIBRARY);
  }

  private void write(String lines) throws Exception {
    Files.writeString(file, lines, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] request(String... credentials) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {2, 2, 7, 8});
    for (int i = 0; i < credentials.length; i++) {
      if (credentials[i] != null) {
        request.write(i + 1);
        request.write(credentials[i].length());
        request.writeBytes(bytes(credentials[i]));
      }
    }
    request.write(0);
    return request.toByteArray();
  }

  private String answer(byte[] request) {
    return HexFormat.of().formatHex(authenticator.answer(request, request.length));
  }

  private String answer(String account, String password) {
    return answer(request(account, null, password));
  }

  private boolean accepts(String account, String password) {
    return answer(account, password).startsWith("00");
  }

  @Test
  void theRightPasswordGetsTheAccount() {
    String expected =
        "00020708"
            + "0103"
            + hex("bob")
            + "0204"
            + hex("1001")
            + "0304"
            + hex("1002")
            + "0509"
            + hex("/home/bob")
            + "0607"
            + hex("/bin/sh")
            + "00";
    assertEquals(expected, answer("bob", "secret"));
    assertEquals(expected, answer(request("bob", "example.org", "secret", "some secret")));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(bytes(text));
  }

  @Test
  void row28_everythingElseIsOneAnswer() throws Exception {
    write(
        "bob:"
            + Hashes.SHA512
            + ":1001:1002::/home/bob:/bin/sh\n"
            + "none::1:1::/:\nbang:!"
            + Hashes.SHA512
            + ":1:1::/:\nstar:*:1:1::/:\n"
            + "shadow:x:1:1::/:\nfail:*0:1:1::/:\nbroken:"
            + Hashes.SHA512
            + ":0:1::/:\n");
    String[][] wrong = {
      {"bob", "Secret"},
      {"bob", "secret "},
      {"bob", "secret\0"},
      {"bob", "secret\0x"},
      {"bob", "\0"},
      {"Bob", "secret"},
      {"nobody", "secret"},
      {"none", "x"},
      {"bang", "secret"},
      {"star", "*"},
      {"shadow", "x"},
      {"fail", "*0"},
      {"broken", "secret"},
      {"bob\0", "secret"},
      {"nobody", Hashes.SHA512},
      {"bob", Hashes.SHA512}
    };
    for (String[] each : wrong) {
      assertEquals(REFUSED, answer(each[0], each[1]), each[0] + " " + each[1]);
    }
    assertTrue(accepts("bob", "secret"));
  }

  @Test
  void credentialsThatAreMissingAreSaidToBe() {
    String missing = "0702070800";
    assertEquals(missing, answer(request("bob")));
    assertEquals(missing, answer(request("bob", null, "")));
    assertEquals(missing, answer(request(null, null, "secret")));
    assertEquals(missing, answer(request("", null, "secret")));
  }

  @Test
  void brokenRequestsAreSaidToBe() {
    byte[] good = request("bob", null, "secret");
    assertEquals("0202070800", answer(Arrays.copyOf(good, good.length - 1)));
    assertEquals("0202070800", answer(Arrays.copyOf(good, good.length + 1)));
    assertEquals("0202070800", answer(Arrays.copyOf(good, 513)));
    assertEquals("020000", answer(new byte[0]));
    assertEquals("020000", answer(new byte[] {1, 0, 0}));
    assertEquals("020000", answer(new byte[] {2, 9, 0}));
  }

  @Test
  void row28_timeDoesNotTell() throws Exception {
    String slow = Hashes.of("secret", "$6$rounds=20000$abcdefgh");
    write("bob:" + slow + ":1:1::/:\nlocked:!:1:1::/:\nshadow:x:1:1::/:\n");
    String[] names = {"bob", "nobody", "locked", "shadow"};
    // Other processes can only add to the time that the work takes, so the least of many times is
    // the time of the work.  A busy machine needs more of them.
    long[] least = new long[names.length];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int i = 0; i < 25 || i < 500 && !areAlike(least); i++) {
      for (int k = 0; k < names.length; k++) {
        long before = System.nanoTime();
        assertEquals(REFUSED, answer(names[k], "wrong"));
        least[k] = Math.min(least[k], System.nanoTime() - before);
      }
    }
    assertTrue(least[0] > 2_000_000, "the hash takes its time: " + least[0]);
    assertTrue(areAlike(least), () -> Arrays.toString(names) + " " + Arrays.toString(least));
  }

  private static boolean areAlike(long[] nanos) {
    return Arrays.stream(nanos)
        .mapToDouble(n -> (double) n / nanos[0])
        .allMatch(ratio -> ratio > 0.7 && ratio < 1.4);
  }

  // ---- changes of the file ----

  @Test
  void aFileWrittenAnewIsRead() throws Exception {
    assertTrue(accepts("bob", "secret"));
    // The new content has the same size and is written within the same tick of the clock.
    write("eve:" + Hashes.SHA512 + ":1001:1002::/home/bob:/bin/sh\n");
    assertEquals(REFUSED, answer("bob", "secret"));
    assertTrue(accepts("eve", "secret"));
  }

  @Test
  void aFileReplacedIsReadThoughTimeAndSizeAgree() throws Exception {
    FileTime longAgo = FileTime.from(Instant.ofEpochSecond(1_700_000_000));
    Files.setLastModifiedTime(file, longAgo);
    assertTrue(accepts("bob", "secret"));
    Path other = directory.resolve("other");
    Files.writeString(other, "eve:" + Hashes.SHA512 + ":1001:1002::/home/bob:/bin/sh\n");
    Files.setLastModifiedTime(other, longAgo);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    assertEquals(REFUSED, answer("bob", "secret"));
    assertTrue(accepts("eve", "secret"));
  }

  @Test
  void aFileThatIsGoneLetsNobodyIn() throws Exception {
    assertTrue(accepts("bob", "secret"));
    Files.delete(file);
    assertEquals("0402070800", answer("bob", "secret"));
    Files.createDirectory(file);
    assertEquals("0402070800", answer("bob", "secret"));
    Files.delete(file);
    write("bob:" + Hashes.SHA512 + ":1001:1002::/home/bob:/bin/sh\n");
    assertTrue(accepts("bob", "secret"));
  }

  @Test
  void aFileThatDidNotChangeIsNotReadAgain() throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
    UsersFile users = new UsersFile(file);
    assertTrue(users.current() == users.current());
  }
}
