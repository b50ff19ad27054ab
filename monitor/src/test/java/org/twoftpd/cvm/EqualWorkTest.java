/*
 * Row 28 of attacks.txt without a clock: the hashes that are computed for a name do not tell whether it is an account.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EqualWorkTest {
  private static final CryptLibrary LIBRARY = CryptLibrary.load();
  private static final String[] SETTINGS = {
    "$1$abcdefgh",
    "$5$rounds=1000$abcdefgh",
    "$6$rounds=1000$abcdefgh",
    "$2b$04$abcdefghijklmnopqrstuu",
    "$y$j75$abcdefgh",
    "ab"
  };

  @TempDir Path directory;

  /** The kinds of hashes that were computed, in order; "refused" where crypt(3) refused one. */
  private final List<String> work = new ArrayList<>();

  private byte[] counted(byte[] password, byte[] setting) {
    byte[] hash = LIBRARY.hash(password, setting);
    work.add(hash == null ? "refused" : HashKind.of(setting));
    return hash;
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] request(String account, String password) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {2, 0, 1, (byte) account.length()});
    out.writeBytes(bytes(account));
    out.writeBytes(new byte[] {3, (byte) password.length()});
    out.writeBytes(bytes(password));
    out.write(0);
    return out.toByteArray();
  }

  private record Outcome(byte[] reply, List<String> work) {}

  private Outcome ask(AccountSource source, String account, String password) {
    work.clear();
    byte[] r = request(account, password);
    byte[] reply = new Authenticator(source, this::counted).answer(r, r.length);
    return new Outcome(reply, List.copyOf(work));
  }

  private UsersFile file(String lines) throws Exception {
    return new UsersFile(Files.writeString(directory.resolve("users"), lines));
  }

  @Test
  void row28_anUnknownNameCostsWhatAWrongPasswordDoes() throws Exception {
    for (String setting : SETTINGS) {
      String hash = Hashes.of("secret", setting);
      UsersFile users =
          file(
              "bob:"
                  + hash
                  + ":1:1::/:\nlocked:!"
                  + hash
                  + ":1:1::/:\nempty::1:1::/:\nstar:*:1:1::/:\n");
      check(users, HashKind.of(bytes(hash)));
    }
  }

  private void check(AccountSource users, String kind) {
    Outcome wrong = ask(users, "bob", "Secret");
    assertEquals(List.of(kind), wrong.work());
    assertEquals(List.of(kind), ask(users, "bob", "secret").work());
    for (String name :
        new String[] {"nobody", "locked", "empty", "star", "Bob", "bo", "x".repeat(100)}) {
      Outcome o = ask(users, name, "secret");
      assertEquals(wrong.work(), o.work(), name);
      assertArrayEquals(wrong.reply(), o.reply(), name);
    }
  }

  /**
   * If crypt(3) takes no time over a hash, another one is computed, even for names that have such a
   * hash.
   */
  @Test
  void row28_soDoesAHashThatNobodyKnows() throws Exception {
    String hash = Hashes.of("secret", "$6$rounds=1000$abcdefgh");
    UsersFile users = file("bob:" + hash + ":1:1::/:\nodd:$nonesuch$x:1:1::/:\nshadow:x:1:1::/:\n");
    Outcome odd = ask(users, "odd", "secret");
    assertEquals(List.of("refused", "6$rounds=1000"), odd.work());
    assertArrayEquals(ask(users, "bob", "Secret").reply(), odd.reply());
    for (int i = 0; i < 60; i++) {
      assertEquals(List.of("6$rounds=1000"), ask(users, "nobody" + i, "secret").work());
    }
  }

  /** If accounts have hashes of several kinds, names that do not exist have each kind as often. */
  @Test
  void row28_kindsAreAsCommonAmongNamesThatAreNotThere() throws Exception {
    String quick = Hashes.of("secret", "$1$abcdefgh");
    String slow = Hashes.of("secret", "$6$rounds=1000$abcdefgh");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append("user").append(i).append(':').append(i < 10 ? quick : slow).append(":1:1::/:\n");
    }
    UsersFile users = file(lines.toString());
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 1200; i++) {
      byte[] decoy = users.current().decoy(bytes("nobody" + i));
      assertArrayEquals(decoy, users.current().decoy(bytes("nobody" + i)));
      counts.merge(HashKind.of(decoy), 1, Integer::sum);
    }
    int third = counts.get("1");
    // The distribution is binomial; 400 are expected, with a standard deviation of 16.
    assertTrue(third > 300 && third < 500, counts::toString);
    assertEquals(1200, third + counts.get("6$rounds=1000"));
    // Another account with a hash of the same kind changes the hash of few names.
    Users before = users.current();
    Users after = file(lines + "late:" + slow + ":1:1::/:\n").current();
    int moved = 0;
    for (int i = 0; i < 1200; i++) {
      byte[] name = bytes("nobody" + i);
      moved += HashKind.of(before.decoy(name)).equals(HashKind.of(after.decoy(name))) ? 0 : 1;
    }
    int n = moved;
    assertTrue(moved < 60, () -> n + " of 1200");
  }

  @Test
  void row28_theSystemsAccountsToo() throws Exception {
    String hash = Hashes.of("secret", "$6$rounds=1000$abcdefgh");
    Files.writeString(
        directory.resolve("passwd"),
        """
        bob:x:1001:1001::/:/bin/sh
        locked:x:1002:1002::/:/bin/sh
        empty:x:1003:1003::/:/bin/sh
        star:x:1004:1004::/:/bin/sh
        root:x:0:0::/root:/bin/sh
        expired:x:1005:1005::/:/bin/sh
        """);
    Files.writeString(
        directory.resolve("shadow"),
        """
        bob:HASH:19000:0:99999:7:::
        locked:!HASH:19000:0:99999:7:::
        empty::19000:0:99999:7:::
        star:*:19000:0:99999:7:::
        root:HASH:19000:0:99999:7:::
        expired:HASH:19000:0:99999:7::10:
        """
            .replace("HASH", hash));
    Files.writeString(directory.resolve("group"), "");
    SystemAccounts accounts =
        new SystemAccounts(
            new SystemAccounts.Files(
                null,
                directory.resolve("passwd"),
                directory.resolve("shadow"),
                directory.resolve("group"),
                null,
                false),
            () -> 20_000);
    check(accounts, "6$rounds=1000");
    for (String name : new String[] {"root", "expired"}) {
      Outcome o = ask(accounts, name, "secret");
      assertEquals(List.of("6$rounds=1000"), o.work(), name);
      assertArrayEquals(ask(accounts, "nobody", "secret").reply(), o.reply(), name);
    }
  }
}
