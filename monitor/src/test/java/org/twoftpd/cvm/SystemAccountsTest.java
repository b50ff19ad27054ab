/*
 * Which of the system's accounts are let in, by passwd(5), shadow(5), group(5) and shells(5).
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemAccountsTest {
  private static final long TODAY = 20_000;

  @TempDir Path directory;
  private long today = TODAY;
  private SystemAccounts accounts;

  @BeforeEach
  void files() throws Exception {
    write("users", "");
    write("passwd", "alice:x:1001:1002:Alice,,,:/home/alice:/bin/bash\n");
    shadow("alice", "19000:0:99999:7:::");
    write("group", "root:x:0:alice\nstaff:x:50:bob,alice\nalice:x:1002:\n");
    write("shells", "/bin/sh\n/bin/bash\n");
    accounts = accounts(false);
  }

  private SystemAccounts accounts(boolean byShell) {
    return new SystemAccounts(
        new SystemAccounts.Files(
            directory.resolve("users"),
            directory.resolve("passwd"),
            directory.resolve("shadow"),
            directory.resolve("group"),
            byShell ? directory.resolve("shells") : null,
            true),
        () -> today);
  }

  private void write(String file, String text) throws Exception {
    Files.writeString(directory.resolve(file), text);
  }

  private void shadow(String name, String rest) throws Exception {
    write("shadow", name + ":" + Hashes.SHA512 + ":" + rest + "\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Users.Account find(String name) throws Exception {
    return accounts.current().find(bytes(name));
  }

  private boolean isOpen(String name) throws Exception {
    Users.Account account = find(name);
    return account != null && !HashKind.isLocked(account.hash());
  }

  /** A line ends with LF and nothing else, so that a CR in a real name cannot begin an account. */
  @Test
  void aReturnIsNoLineEnd() throws Exception {
    write(
        "passwd",
        "alice:x:1001:1002:A\reve:x:1003:1003::/:/bin/sh\r:/home/alice:/bin/bash\n"
            + "bob:x:1004:1004::/home/bob:/bin/bash");
    write(
        "shadow",
        "alice:"
            + Hashes.SHA512
            + ":19000:0:99999:7:::\reve:"
            + Hashes.SHA512
            + ":19000:0:99999:7:::\nbob:"
            + Hashes.SHA512
            + ":19000:0:99999:7:::\n");
    assertNull(find("eve"));
    assertTrue(isOpen("bob"), "the last line needs no end");
  }

  @Test
  void anAccountHasItsFacts() throws Exception {
    Users.Account alice = find("alice");
    assertEquals(Hashes.SHA512, new String(alice.hash(), StandardCharsets.US_ASCII));
    assertEquals(1001, alice.facts().uid());
    assertEquals(1002, alice.facts().gid());
    assertArrayEquals(bytes("/home/alice"), alice.facts().directory());
    assertArrayEquals(bytes("/bin/bash"), alice.facts().shell());
    assertArrayEquals(new long[] {1002, 50}, alice.facts().supplementary());
  }

  @Test
  void accountsThatHaveExpiredAreLocked() throws Exception {
    shadow("alice", "19000:0:99999:7::" + (TODAY + 1) + ":");
    assertTrue(isOpen("alice"));
    today = TODAY + 1;
    assertFalse(isOpen("alice"), "the day has come, though no file has changed");
  }

  @Test
  void passwordsThatHaveExpiredAreLocked() throws Exception {
    shadow("alice", (TODAY - 90) + ":0:90:7:::");
    assertTrue(isOpen("alice"));
    shadow("alice", (TODAY - 91) + ":0:90:7:::");
    assertFalse(isOpen("alice"));
    shadow("alice", "0:0:90:7:::");
    assertFalse(isOpen("alice"), "to be changed at the next login");
    shadow("alice", (TODAY - 91) + ":0::7:::");
    assertTrue(isOpen("alice"), "without a maximum");
    shadow("alice", "19000:0:99999:7::soon:");
    assertFalse(isOpen("alice"), "what is no number is in the past");
  }

  @Test
  void lockedAndMissingHashesAreLocked() throws Exception {
    write("shadow", "alice:!" + Hashes.SHA512 + ":19000:0:99999:7:::\n");
    assertFalse(isOpen("alice"));
    write("shadow", "alice:*:19000:0:99999:7:::\n");
    assertFalse(isOpen("alice"));
    write("shadow", "alice::19000:0:99999:7:::\n");
    assertFalse(isOpen("alice"), "an empty hash lets nobody in");
    write("shadow", "bob:x:19000:0:99999:7:::\n");
    assertFalse(isOpen("alice"));
  }

  @Test
  void rootAndItsGroupAreNotThere() throws Exception {
    write(
        "passwd",
        """
        root:x:0:0::/root:/bin/sh
        toor:x:00:1::/root:/bin/sh
        wheel:x:1001:0::/h:/bin/sh
        +nis:x:1001:1001::/h:/bin/sh
        nohome:x:1:1:::/bin/sh
        short:x:1:1
        """);
    for (String name : new String[] {"root", "toor", "wheel", "+nis", "nohome", "short"}) {
      assertNull(find(name), name);
    }
  }

  @Test
  void theSystemsShellsAreAskedForUnlessToldNotTo() {
    assertEquals(Path.of("/etc/shells"), SystemAccounts.Files.ofSystem(null, null, false).shells());
    assertNull(SystemAccounts.Files.ofSystem(null, null, true).shells());
    Path own = Path.of("/etc/twoftpd/shells");
    assertEquals(own, SystemAccounts.Files.ofSystem(null, own, false).shells());
    assertFalse(SystemAccounts.Files.ofSystem(null, own, false).shellsMayBeMissing());
  }

  /** The shells are those that getusershell(3) reads. */
  @Test
  void shellsStandInAFileWithComments() {
    assertEquals(
        Set.of("/bin/sh", "/bin/bash", "/bin/zsh"),
        ShellList.of(
            List.of(
                "# /bin/no", "/bin/sh", "  /bin/bash # yes", "x/bin/zsh\tmore", "/", "", "sh")));
  }

  @Test
  void whereNoShellsAreListedThoseOfTheLibraryAre() throws Exception {
    accounts = accounts(true);
    assertTrue(isOpen("alice"));
    Files.delete(directory.resolve("shells"));
    assertFalse(isOpen("alice"), "with /bin/bash");
    write("passwd", "alice:x:1001:1002::/home/alice:/bin/sh\n");
    assertTrue(isOpen("alice"));
    write("shells", "/bin/bash\n");
    assertFalse(isOpen("alice"), "the file is there again");
  }

  @Test
  void row54_filesThatOthersCouldPutThereAreNotRead() throws Exception {
    assertTrue(isOpen("alice"));
    Files.setAttribute(directory, "unix:mode", 0777);
    String why = assertThrows(IOException.class, () -> accounts.current()).getMessage();
    assertTrue(why.contains("the directory " + directory + " (owner uid 0, mode 0777)"), why);
    Files.setAttribute(directory, "unix:mode", 0755);
    Files.setAttribute(directory.resolve("users"), "unix:uid", 65534);
    assertThrows(IOException.class, () -> accounts.current());
  }

  @Test
  void aShellThatIsNotListedLetsNobodyIn() throws Exception {
    write("passwd", "alice:x:1001:1002::/home/alice:/usr/sbin/nologin\n");
    assertTrue(isOpen("alice"));
    accounts = accounts(true);
    assertFalse(isOpen("alice"));
    write("passwd", "alice:x:1001:1002::/home/alice:\n");
    assertTrue(isOpen("alice"), "no shell is /bin/sh");
  }

  @Test
  void theUsersFileComesFirst() throws Exception {
    write("users", "alice:!:3001:3002::/virtual:/bin/sh\nbroken\n");
    assertEquals(3001, find("alice").facts().uid());
    assertFalse(isOpen("alice"));
  }

  @Test
  void aNameThatTheUsersFileSpoilsIsNotTheSystemsEither() throws Exception {
    write("users", "alice:" + Hashes.SHA512 + ":nonsense:3002::/virtual:/bin/sh\n");
    assertNull(find("alice"));
  }

  @Test
  void aFileThatIsGoneShutsEverybodyOut() throws Exception {
    assertNotNull(find("alice"));
    Files.delete(directory.resolve("shadow"));
    assertThrows(IOException.class, () -> accounts.current());
  }

  @Test
  void aChangeIsSeenAtOnce() throws Exception {
    assertTrue(isOpen("alice"));
    write("passwd", "bob:x:1001:1002::/home/bob:/bin/sh\n");
    shadow("bob", "19000:0:99999:7:::");
    assertFalse(isOpen("alice"));
    assertTrue(isOpen("bob"));
  }
}
