/*
 * Trusted to find the account of a process in a copy of /etc/passwd.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The accounts of passwd(5). They are read from the file itself, since a name service would bring
 * plug-ins and the network into a root process.
 */
final class PasswdFile {
  /** An account. A line with an id beyond 2147483647 counts as not there. */
  record Account(int uid, int gid, String home) {}

  private final String text;

  PasswdFile(byte[] content) {
    text = new String(content, StandardCharsets.UTF_8);
  }

  /** Finds the first line with that name. */
  Optional<Account> find(String name) {
    return text.lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 7 && fields[0].equals(name))
        .findFirst()
        .flatMap(PasswdFile::account);
  }

  private static Optional<Account> account(String[] fields) {
    try {
      int uid = (int) NumberTypes.parseDecimal(fields[2], 0, Integer.MAX_VALUE);
      int gid = (int) NumberTypes.parseDecimal(fields[3], 0, Integer.MAX_VALUE);
      return Optional.of(new Account(uid, gid, fields[5]));
    } catch (BadValueException e) {
      return Optional.empty();
    }
  }
}
