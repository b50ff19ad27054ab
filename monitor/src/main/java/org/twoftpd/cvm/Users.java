/*
 * Trusted with everybody's password hash.  An administrator may have made mistakes in the lines: each is reported, and locks
 * out one account, not all of them.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.twoftpd.shared.cvm.CvmFacts;

/** The accounts of a users file as it was when it was read. */
final class Users {
  /**
   * An account and its hash.
   *
   * @param hash in the form of crypt(5), or one that no password fits
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares accounts
  record Account(byte[] hash, CvmFacts facts) {}

  /** A hash that every libcrypt takes its usual time for, and that no password fits. */
  static final byte[] KNOWN_HASH = "$6$twoftpd$".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] KEY = new byte[32];

  static {
    new SecureRandom().nextBytes(KEY);
  }

  private final Map<String, Account> accounts = new HashMap<>();
  private final List<byte[]> decoys;

  /**
   * Reads a whole file. It has lines as {@link UsersLine} describes them, empty lines, and
   * comments, which begin with #.
   *
   * @param complaints gets "line N: what is wrong" for each line with a mistake, whose account is
   *     left out
   */
  Users(byte[] content, Consumer<String> complaints) {
    Set<String> spoilt = new HashSet<>();
    String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank() || lines[i].startsWith("#")) {
        continue;
      }
      // If a line is wrong, another line must not let its account in.
      String name = lines[i].split(":", 2)[0];
      try {
        Account account = UsersLine.parse(lines[i]);
        if (accounts.putIfAbsent(name, account) != null) {
          throw new IllegalArgumentException(
              "the account has another line already; one line for each is allowed");
        }
      } catch (IllegalArgumentException wrong) {
        complaints.accept("line " + (i + 1) + ": " + wrong.getMessage());
        spoilt.add(name);
      }
    }
    accounts.keySet().removeAll(spoilt);
    decoys = decoys();
  }

  /** The hash of each open account, ordered by kind; at least one hash. */
  private List<byte[]> decoys() {
    TreeMap<String, List<byte[]>> kinds = new TreeMap<>();
    for (Account account : accounts.values()) {
      if (HashKind.isHash(account.hash())) {
        kinds
            .computeIfAbsent(HashKind.of(account.hash()), _ -> new ArrayList<>())
            .add(account.hash());
      }
    }
    List<byte[]> all = new ArrayList<>();
    kinds.values().forEach(all::addAll);
    return all.isEmpty() ? List.of(KNOWN_HASH) : all;
  }

  /** The account of that name, or null. */
  Account find(byte[] name) {
    return accounts.get(new String(name, StandardCharsets.ISO_8859_1));
  }

  /**
   * The hash that a password is checked against when no account has this name, so that the time
   * does not tell that. It is the hash of some account, always the same for one name, and each kind
   * comes as often as accounts have it. So a name that takes long, where hashes differ in kind, may
   * or may not be an account's. Nobody can work out which without the key.
   */
  byte[] decoy(byte[] name) {
    byte[] digest = digestOf(name);
    // A fraction of the list's length: thus a new account gives few names another hash.
    long place = (digest[0] & 0xffL) << 16 | (digest[1] & 0xff) << 8 | digest[2] & 0xff;
    return decoys.get((int) (place * decoys.size() >> 24));
  }

  private static byte[] digestOf(byte[] name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(KEY);
      return digest.digest(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int size() {
    return accounts.size();
  }
}
