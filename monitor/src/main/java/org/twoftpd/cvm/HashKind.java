package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;

/** Kinds of password hashes (crypt(5)), told apart by how long they take. */
public final class HashKind {
  private HashKind() {}

  /**
   * The kind of a hash: its method and cost, without salt and hash. Two hashes of one kind take the
   * same time. For {@code $id$...} the kind is the id, with the next field if that is a cost.
   */
  static String of(byte[] hash) {
    String text = new String(hash, StandardCharsets.ISO_8859_1);
    String[] fields = text.split("\\$", 4);
    if (fields.length < 3 || !fields[0].isEmpty()) {
      // BSDi's hashes begin with _ and four characters of cost. DES is the rest, and has no cost.
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
   * True for a hash that crypt(5) describes. Anything else, for instance an x that refers to
   * shadow(5), takes crypt(3) no time.
   */
  static boolean isHash(byte[] hash) {
    return new String(hash, StandardCharsets.ISO_8859_1)
        .matches(
            "\\$(1|md5|2[abxy]|3|5|6|7|y|gy|sha1)[$,].+|_[./0-9A-Za-z]{19}|[./0-9A-Za-z]{13}(.{11})*");
  }

  /** True when no password is right: for an empty hash, or one that begins with ! or *. */
  public static boolean isLocked(byte[] hash) {
    return hash.length == 0 || hash[0] == '!' || hash[0] == '*';
  }
}
