/*
 * Trusted with a copy of /etc/passwd: finds one account by name.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The accounts of passwd(5), read from the file itself: a name service would mean plug-ins and the
 * network in a root process.
 */
final class PasswdFile {
  /** Ids are 0 to 4294967295 in the file; a line with one beyond 2147483647 is passed over. */
  record Account(int uid, int gid, String home) {}

  private final String text;

  PasswdFile(byte[] content) {
    text = new String(content, StandardCharsets.UTF_8);
  }

  /** The first line with that name. */
  Optional<Account> find(String name) {
    return text.lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 7 && fields[0].equals(name))
        .findFirst()
        .flatMap(PasswdFile::account);
  }

  private static Optional<Account> account(String[] fields) {
    try {
      int uid = (int) NumberTypes.decimal(fields[2], 0, Integer.MAX_VALUE);
      int gid = (int) NumberTypes.decimal(fields[3], 0, Integer.MAX_VALUE);
      return Optional.of(new Account(uid, gid, fields[5]));
    } catch (BadValueException e) {
      return Optional.empty();
    }
  }
}
