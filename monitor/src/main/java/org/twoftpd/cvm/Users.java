/*
 * Trusted with everybody's password hash.  Reads lines that an administrator wrote, so a mistake is named and costs one
 * account, not the service.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.twoftpd.monitor.cvm.CvmFacts;

/** What a users file said when it was read: immutable. */
final class Users {
  /**
   * An account and its hash.
   *
   * @param hash as crypt(5) has it; perhaps one that locks
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Account(byte[] hash, CvmFacts facts) {}

  private final Map<String, Account> accounts = new HashMap<>();
  private final byte[] decoy;

  /**
   * Reads a whole file: lines {@code name:hash:uid:gid:gecos:home:shell} with perhaps {@code
   * :gid,gid,...} behind, empty lines, and lines that begin with #.
   *
   * @param complaints gets "line N: what is wrong" for every line that makes its account unusable
   */
  Users(byte[] content, Consumer<String> complaints) {
    Set<String> spoilt = new HashSet<>();
    String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank() || lines[i].startsWith("#")) {
        continue;
      }
      // Whatever else is wrong with a line, the account that it means shall not be let in by
      // another.
      String name = lines[i].split(":", 2)[0];
      try {
        Account account = UsersLine.parse(lines[i]);
        if (accounts.putIfAbsent(name, account) != null) {
          throw new IllegalArgumentException(
              "the account is there already; one line for each is allowed");
        }
      } catch (IllegalArgumentException wrong) {
        complaints.accept("line " + (i + 1) + ": " + wrong.getMessage());
        spoilt.add(name);
      }
    }
    accounts.keySet().removeAll(spoilt);
    decoy = mostCommon();
  }

  private byte[] mostCommon() {
    Map<String, Integer> counts = new HashMap<>();
    byte[] best = "$6$twoftpd$".getBytes(StandardCharsets.US_ASCII);
    int most = 0;
    for (Account account : accounts.values()) {
      if (!HashKind.isLocked(account.hash())) {
        int count = counts.merge(HashKind.of(account.hash()), 1, Integer::sum);
        if (count > most) {
          most = count;
          best = account.hash();
        }
      }
    }
    return best;
  }

  /** The usable account of that name, or null. */
  Account find(byte[] name) {
    return accounts.get(new String(name, StandardCharsets.ISO_8859_1));
  }

  /**
   * A hash of the kind that most accounts have, for those that are not there: time must not tell.
   */
  byte[] decoy() {
    return decoy;
  }

  int size() {
    return accounts.size();
  }
}
