/*
 * Trusted with one line that an administrator wrote.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.cvm.CvmFacts;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;

/**
 * A line of the users file: {@code name:hash:uid:gid:gecos:home:shell}, and optionally {@code
 * :gid,gid,...} after that.
 */
public final class UsersLine {
  /** Longer than the tag that any client chooses; that of the monitor has 8 bytes by default. */
  private static final byte[] LONG_TAG = new byte[32];

  private UsersLine() {}

  /**
   * Checks whether a line would be accepted.
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
      throw new IllegalArgumentException("it contains a control character, which is not allowed");
    }
    String[] fields = line.split(":", -1);
    if (fields.length < 7 || fields.length > 8) {
      throw new IllegalArgumentException(
          "it has "
              + fields.length
              + " fields; allowed are 7, name:hash:uid:gid:gecos:home:shell, or 8 with :gid,gid,...");
    }
    if (fields[0].isEmpty()) {
      throw new IllegalArgumentException("the name is empty; at least one byte is allowed");
    }
    byte[] hash = bytes(fields[1]);
    if (hash.length >= CryptLibrary.HASH_SIZE) {
      throw new IllegalArgumentException("the hash is too long; up to 383 bytes are allowed");
    }
    long gid = id("gid", fields[3]);
    if (!fields[5].startsWith("/")) {
      throw new IllegalArgumentException("the home must begin with /, as an absolute path does");
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
    // An account that does not fit is encoded as a failure, whose first byte is not 0.
    if (new CvmReply.Success(facts).encode(LONG_TAG)[0] != 0) {
      throw new IllegalArgumentException(
          "it is too long for a reply; allowed are 255 bytes in each field and "
              + CvmRequest.LENGTH_MAX
              + " bytes in all");
    }
    return new Users.Account(hash, facts);
  }

  /** The supplementary groups as a reply has them: the gid first, then the others. */
  private static long[] groups(long gid, String field) {
    String[] others = field.isEmpty() ? new String[0] : field.split(",", -1);
    long[] groups = new long[others.length + 1];
    groups[0] = gid;
    for (int i = 0; i < others.length; i++) {
      groups[i + 1] = id("supplementary gid", others[i]);
    }
    return groups;
  }

  /** Reads an id. 0 is refused, since nobody gets a session as root, so that the log says why. */
  private static long id(String name, String field) {
    if (!field.matches("[1-9][0-9]{0,9}") || Long.parseLong(field) > CvmFacts.ID_MAX) {
      throw new IllegalArgumentException(
          "the " + name + " is wrong; a number from 1 to " + CvmFacts.ID_MAX + " is allowed");
    }
    return Long.parseLong(field);
  }

  private static byte[] bytes(String field) {
    return field.getBytes(StandardCharsets.ISO_8859_1);
  }
}
