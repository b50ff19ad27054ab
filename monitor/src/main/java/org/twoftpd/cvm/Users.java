/*
 * Trusted with everybody's password hash.  Reads lines that an administrator wrote, so a mistake is named and costs one
 * account, not the service.
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

/** What a users file said when it was read: immutable. */
final class Users {
  /**
   * An account and its hash.
   *
   * @param hash as crypt(5) has it; perhaps one that locks
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Account(byte[] hash, CvmFacts facts) {}

  /** Every libcrypt takes its time over it; no password is right. */
  static final byte[] KNOWN_HASH = "$6$twoftpd$".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] KEY = new byte[32];

  static {
    new SecureRandom().nextBytes(KEY);
  }

  private final Map<String, Account> accounts = new HashMap<>();
  private final List<byte[]> decoys;

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
    decoys = decoys();
  }

  /** One hash for each open account, those of a kind beside each other; never empty. */
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

  /** The usable account of that name, or null. */
  Account find(byte[] name) {
    return accounts.get(new String(name, StandardCharsets.ISO_8859_1));
  }

  /**
   * A hash to check passwords against of names that are not there: time must not tell. Each such
   * name has the kind of some account's, as often as accounts have it and always the same for one
   * name, so that where hashes differ in kind a name that takes long may be an account's or not.
   * Which it is cannot be worked out without the key.
   */
  byte[] decoy(byte[] name) {
    byte[] mixed = mixed(name);
    // Where in the list, as a fraction of its length: a new account moves few names to others.
    long place = (mixed[0] & 0xffL) << 16 | (mixed[1] & 0xff) << 8 | mixed[2] & 0xff;
    return decoys.get((int) (place * decoys.size() >> 24));
  }

  private static byte[] mixed(byte[] name) {
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
