/*
 * Trusted to make names that nobody can foretell, so that nobody can have put a file of that name
 * there before.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Makes names from getrandom(2). Unlike a descriptor of /dev/urandom it takes nothing into the
 * jail, and unlike SecureRandom it loads no class.
 */
final class RandomName {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

  /** 20 letters of 5 bits each make 100 random bits. */
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
