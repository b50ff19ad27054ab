package org.twoftpd.monitor.login;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.cvm.CvmFacts;

/** Row 29: root gets no session, whatever a module says. */
class AccountTest {
  private static CvmFacts facts(long uid, long gid, String home, long... groups) {
    byte[] h = home == null ? null : home.getBytes(StandardCharsets.US_ASCII);
    return new CvmFacts(new byte[] {'u'}, uid, gid, null, h, null, null, groups);
  }

  @Test
  void row29_whatCannotHaveASession() {
    for (CvmFacts f :
        new CvmFacts[] {
          facts(0, 1, "/"),
          facts(1, 0, "/"),
          facts(1, 1, "home"),
          facts(1, 1, ""),
          facts(1, 1, null),
          facts(1, 1, "/", 5, 0),
          facts(1, 1, "/" + "x".repeat(4095)),
        }) {
      assertThrows(Account.Unusable.class, () -> Account.of(f));
    }
  }

  @Test
  void idsAreUnsigned() throws Account.Unusable {
    Account a = Account.of(facts(4294967294L, 4000000000L, "/h", 3000000000L));
    assertEquals(-2, a.uid());
    assertEquals(4000000000L, Integer.toUnsignedLong(a.gid()));
    assertArrayEquals(new int[] {(int) 3000000000L}, a.groups());
  }
}
