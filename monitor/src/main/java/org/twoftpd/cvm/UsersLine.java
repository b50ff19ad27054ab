/*
 * Trusted with one line that an administrator wrote.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.cvm.CvmFacts;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;

/** {@code name:hash:uid:gid:gecos:home:shell}, and perhaps {@code :gid,gid,...}. */
public final class UsersLine {
  /** Tags that clients choose are shorter; twoftpd's own have 8 bytes. */
  private static final byte[] LONG_TAG = new byte[32];

  private UsersLine() {}

  /**
   * Says whether a line would be taken.
   *
   * @throws IllegalArgumentException saying what is wrong and what is allowed, without the hash
   */
  public static void check(String line) {
    Users.Account _ = parse(line);
  }

  /**
   * @throws IllegalArgumentException saying what is wrong and what is allowed, without the hash
   */
  static Users.Account parse(String line) {
    if (line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("a control character; lines end with LF and hold none");
    }
    String[] fields = line.split(":", -1);
    if (fields.length < 7 || fields.length > 8) {
      throw new IllegalArgumentException(
          fields.length
              + " fields; allowed are 7, name:hash:uid:gid:gecos:home:shell, or 8 with :gid,gid,...");
    }
    if (fields[0].isEmpty()) {
      throw new IllegalArgumentException("no name; at least one byte is allowed");
    }
    byte[] hash = bytes(fields[1]);
    if (hash.length >= CryptLibrary.HASH_SIZE) {
      throw new IllegalArgumentException("the hash is too long; up to 383 bytes are allowed");
    }
    long gid = id("gid", fields[3]);
    if (!fields[5].startsWith("/")) {
      throw new IllegalArgumentException("the home is not absolute; it must begin with /");
    }
    CvmFacts facts =
        new CvmFacts(
            bytes(fields[0]),
            id("uid", fields[2]),
            gid,
            bytes(fields[4]),
            bytes(fields[5]),
            bytes(fields[6]),
            new byte[0],
            fields.length == 8 ? groups(gid, fields[7]) : new long[0]);
    // A failure is shorter than any account.
    if (new CvmReply.Success(facts).encode(LONG_TAG)[0] != 0) {
      throw new IllegalArgumentException(
          "too long for a reply; allowed are 255 bytes a field and "
              + CvmRequest.LENGTH_MAX
              + " in all");
    }
    return new Users.Account(hash, facts);
  }

  /** The list of the facts: the group itself and the others. */
  private static long[] groups(long gid, String field) {
    String[] others = field.isEmpty() ? new String[0] : field.split(",", -1);
    long[] groups = new long[others.length + 1];
    groups[0] = gid;
    for (int i = 0; i < others.length; i++) {
      groups[i + 1] = id("supplementary gid", others[i]);
    }
    return groups;
  }

  /** Not 0: nobody logs in by FTP as root, and saying so here says it to the administrator. */
  private static long id(String name, String field) {
    if (!field.matches("[1-9][0-9]{0,9}") || Long.parseLong(field) > CvmFacts.ID_MAX) {
      throw new IllegalArgumentException(
          name + " is no number that is allowed; those are 1 to " + CvmFacts.ID_MAX);
    }
    return Long.parseLong(field);
  }

  private static byte[] bytes(String field) {
    return field.getBytes(StandardCharsets.ISO_8859_1);
  }
}
