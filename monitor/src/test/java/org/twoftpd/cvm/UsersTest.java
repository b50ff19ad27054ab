/*
 * What a line of the users file may be.  A wrong line is named, and locks out one account.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.cvm.CvmFacts;

final class UsersTest {
  private final List<String> complaints = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Users users(String content) {
    return new Users(bytes(content), complaints::add);
  }

  @Test
  void wholeLinesAreUnderstood() {
    Users users =
        users(
            """
            # all of them

            \s\s
            bob:$6$a$b:1001:1002:Bob B,1:/home/bob:/bin/sh
            eve:!:4294967294:1::/e:
            \u00fc\u00ff:x:7:8::/h\u00fc:/bin/sh:9,10,4294967294
            last:x:1:1::/::\
            """);
    assertEquals(List.of(), complaints);
    assertEquals(4, users.size());
    CvmFacts bob = users.find(bytes("bob")).facts();
    assertArrayEquals(bytes("bob"), bob.user());
    assertEquals(1001, bob.uid());
    assertEquals(1002, bob.gid());
    assertArrayEquals(bytes("Bob B,1"), bob.realName());
    assertArrayEquals(bytes("/home/bob"), bob.directory());
    assertArrayEquals(bytes("/bin/sh"), bob.shell());
    assertEquals(0, bob.supplementary().length);
    assertArrayEquals(bytes("$6$a$b"), users.find(bytes("bob")).hash());
    assertEquals(4294967294L, users.find(bytes("eve")).facts().uid());
    CvmFacts odd = users.find(bytes("\u00fc\u00ff")).facts();
    assertArrayEquals(bytes("/h\u00fc"), odd.directory());
    assertArrayEquals(new long[] {8, 9, 10, 4294967294L}, odd.supplementary());
    assertArrayEquals(new long[] {1}, users.find(bytes("last")).facts().supplementary());
    assertNull(users.find(bytes("# all of them")));
    assertNull(users.find(bytes("")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bad",
        "bad:x:1:1::/",
        "bad:x:1:1::/:sh:1:2",
        ":x:1:1::/:sh",
        "bad:x:0:1::/:sh",
        "bad:x:1:0::/:sh",
        "bad:x:-1:1::/:sh",
        "bad:x:01:1::/:sh",
        "bad:x:4294967295:1::/:sh",
        "bad:x:99999999999:1::/:sh",
        "bad:x::1::/:sh",
        "bad:x:1:one::/:sh",
        "bad:x:1:1::home:sh",
        "bad:x:1:1:::sh",
        "bad:x:1:1::/:sh:0",
        "bad:x:1:1::/:sh:1,,2",
        "bad:x:1:1::/:sh:1,2,",
        "bad:x:1:1::/:sh:wheel",
        "bad:x:1:1::/:sh\r",
        "bad:x:1:1::/a\u0000b:sh"
      })
  void aBadLineIsNamedAndCostsOneAccount(String line) {
    Users users = users("bob:x:1:1::/:sh\n" + line + "\neve:x:2:2::/:sh\n");
    assertEquals(1, complaints.size(), complaints.toString());
    assertTrue(complaints.getFirst().startsWith("line 2: "), complaints.getFirst());
    assertTrue(
        complaints.getFirst().matches(".*(allowed|must begin|lines end).*"), complaints.getFirst());
    assertNull(users.find(bytes("bad")));
    assertNotNull(users.find(bytes("bob")));
    assertNotNull(users.find(bytes("eve")));
  }

  @Test
  void whatFitsNoReplyIsABadLine() {
    users("a:x:1:1:" + "g".repeat(256) + ":/:sh");
    users("b:x:1:1:" + "g".repeat(200) + ":/" + "h".repeat(200) + ":" + "s".repeat(100));
    users("c:x:1:1::/:sh" + ":1000000" + ",1000000".repeat(100));
    users("d:" + "x".repeat(384) + ":1:1::/:sh");
    assertEquals(4, complaints.size(), complaints.toString());
    assertTrue(complaints.stream().noneMatch(each -> each.contains("xxx")), "no hash in a log");
  }

  @Test
  void anAccountThatIsThereTwiceIsNobodys() {
    Users users = users("bob:x:1:1::/:sh\nbob:y:2:2::/:sh\neve:x:1:1::/:sh\neve:broken\n");
    assertEquals(2, complaints.size());
    assertTrue(complaints.getFirst().startsWith("line 2: "), complaints.getFirst());
    assertNull(users.find(bytes("bob")));
    assertNull(users.find(bytes("eve")));
  }

  @Property
  void arbitraryBytesAreAFile(@ForAll @Size(max = 300) byte[] content) {
    List<String> wrong = new ArrayList<>();
    Users users = new Users(content, wrong::add);
    assertTrue(users.size() + wrong.size() <= content.length + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "$6$salt$hash, 6",
    "$6$rounds=5000$salt$hash, 6$rounds=5000",
    "$5$rounds=1$x, 5$rounds=1",
    "$5$rounds, 5",
    "$y$j9T$salt$hash, y$j9T",
    "$gy$j9T$salt$hash, gy$j9T",
    "$2b$12$saltandhash, 2b$12",
    "$1$salt$hash, 1",
    "$7$CU..../....salt$hash, 7",
    "$sha1$40000$salt$hash, sha1$40000",
    "_J9..rasmBYk8r9AiWNc, _J9..",
    "abJnggxhB/yWI, ''",
    "x, ''",
    "$, ''",
    "'', ''"
  })
  void kindsOfHashes(String hash, String kind) {
    assertEquals(kind, HashKind.of(bytes(hash)));
  }

  private Set<String> decoys(String lines) {
    Users users = users(lines);
    Set<String> kinds = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      kinds.add(HashKind.of(users.decoy(bytes("name" + i))));
    }
    return kinds;
  }

  @Test
  void decoysAreOfTheKindsThatOpenAccountsHave() {
    String lines =
        """
        a:$y$j9T$s$h:1:1::/:
        b:$6$s$h:1:1::/:
        c:!$1$s$h:1:1::/:
        d:*:1:1::/:
        e::1:1::/:
        f:x:1:1::/:
        g:$nonesuch$h:1:1::/:
        """;
    assertEquals(Set.of("6", "y$j9T"), decoys(lines));
    assertEquals(Set.of("6"), decoys(""));
    assertEquals(Set.of("6"), decoys("e:*:1:1::/:\n"));
  }

  @Test
  void lockedIsLocked() {
    for (String hash : new String[] {"", "!", "!!", "*", "!$6$a$b"}) {
      assertTrue(HashKind.isLocked(bytes(hash)), hash);
    }
    assertFalse(HashKind.isLocked(bytes("x")));
  }
}
