/*
 * Trusted to make names that nobody can foretell, so that nobody can be waiting there with a file of that name.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Names from getrandom(2): unlike a descriptor of /dev/urandom it takes nothing into the jail, and
 * unlike SecureRandom it loads no class.
 */
final class RandomName {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

  /** 20 letters of 5 bits: 100 bits. */
  private static final int LENGTH = 20;

  private RandomName() {}

  static byte[] makeLetters() throws SystemCallException {
    byte[] letters = new byte[LENGTH];
    SystemCallException.check(Native.getrandom(letters));
    for (int i = 0; i < LENGTH; i++) {
      letters[i] = (byte) LETTERS.charAt(letters[i] & 31);
    }
    return letters;
  }
}
