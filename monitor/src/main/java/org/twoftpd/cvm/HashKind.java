/*
 * Trusted with nothing: tells hashes apart by how long they take.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;

/** Kinds of password hashes, crypt(5). */
public final class HashKind {
  private HashKind() {}

  /**
   * The method and its cost, without salt and hash: two hashes of one kind take the same time. For
   * {@code $id$...} that is the id, with the field behind it where that is a cost.
   */
  static String of(byte[] hash) {
    String text = new String(hash, StandardCharsets.ISO_8859_1);
    String[] fields = text.split("\\$", 4);
    if (fields.length < 3 || !fields[0].isEmpty()) {
      // BSDi's begins with _ and four characters of cost; what is left is DES, which has none.
      return text.startsWith("_") && text.length() > 5 ? text.substring(0, 5) : "";
    }
    boolean cost =
        switch (fields[1]) {
          case "y", "gy", "2a", "2b", "2x", "2y", "sha1" -> true;
          case "7" -> false;
          default -> fields[2].startsWith("rounds=");
        };
    return cost ? fields[1] + "$" + fields[2] : fields[1];
  }

  /**
   * True for what crypt(5) describes; the rest, an x for instance that points to shadow(5), takes
   * no time.
   */
  static boolean isHash(byte[] hash) {
    return new String(hash, StandardCharsets.ISO_8859_1)
        .matches(
            "\\$(1|md5|2[abxy]|3|5|6|7|y|gy|sha1)[$,].+|_[./0-9A-Za-z]{19}|[./0-9A-Za-z]{13}(.{11})*");
  }

  /** True when no password is right: empty, or made so with ! or * as passwd(1) and others do. */
  public static boolean isLocked(byte[] hash) {
    return hash.length == 0 || hash[0] == '!' || hash[0] == '*';
  }
}
