package org.twoftpd.who;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.twoftpd.shared.text.SafeText;

/**
 * Finds the name of a user id, to show it. The files have lines that begin with {@code
 * name:x:uid:}, as in passwd(5).
 */
final class AccountNames {
  private static final int FIELDS_NEEDED = 3;

  private final Path[] files;

  /**
   * @param files in the order in which they are searched; one that cannot be read has no names
   */
  AccountNames(Path... files) {
    this.files = files.clone();
  }

  /** The first name with that id, or {@code uid N} where there is none. */
  String nameOf(long uid) {
    String wanted = Long.toString(uid);
    for (Path file : files) {
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
          String[] f = line.split(":", -1);
          if (f.length >= FIELDS_NEEDED && f[2].equals(wanted) && !line.startsWith("#")) {
            return SafeText.mask(f[0]);
          }
        }
      } catch (IOException _) {
        // Another file may have the name.
      }
    }
    return "uid " + wanted;
  }
}
