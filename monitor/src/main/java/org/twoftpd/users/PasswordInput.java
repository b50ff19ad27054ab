/*
 * Trusted with a password from the keyboard or from standard input, which it hands to its caller and keeps no copy of.
 */
package org.twoftpd.users;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Asks for a new password: twice at a terminal, else the first line of standard input is taken. */
final class PasswordInput {
  /** The largest password that fits into a request of the CVM protocol, in bytes. */
  static final int MAX = 255;

  private static final int BYTES_FOR_A_CHAR = 3;

  private PasswordInput() {}

  /**
   * Reads a password.
   *
   * @param console null when there is none
   * @return 1 to 255 bytes, none of them NUL; the caller wipes them
   * @throws IllegalArgumentException saying what is wrong with the password
   */
  static byte[] read(String name, Console console, InputStream input) throws IOException {
    byte[] password =
        console != null && console.isTerminal() ? askTwice(name, console) : readLine(input);
    try {
      check(password);
      return password;
    } catch (IllegalArgumentException wrong) {
      Arrays.fill(password, (byte) 0);
      throw wrong;
    }
  }

  private static void check(byte[] password) {
    if (password.length == 0) {
      throw new IllegalArgumentException("no password was given; 1 to 255 bytes are allowed");
    }
    if (password.length > MAX) {
      throw new IllegalArgumentException("the password is too long; 255 bytes are allowed");
    }
    for (byte b : password) {
      if (b == 0) {
        throw new IllegalArgumentException(
            "the password contains a NUL; every other byte is allowed");
      }
    }
  }

  private static byte[] askTwice(String name, Console console) throws IOException {
    byte[] first = encode(console.readPassword("New password for %s: ", name));
    byte[] second = encode(console.readPassword("Once more: "));
    boolean same = Arrays.equals(first, second);
    Arrays.fill(second, (byte) 0);
    if (!same) {
      Arrays.fill(first, (byte) 0);
      throw new IllegalArgumentException("the two passwords differ");
    }
    return first;
  }

  private static byte[] encode(char[] typed) throws IOException {
    if (typed == null) {
      throw new IOException("no password was given");
    }
    byte[] buffer = new byte[BYTES_FOR_A_CHAR * typed.length];
    ByteBuffer bytes = ByteBuffer.wrap(buffer);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), bytes, true);
    Arrays.fill(typed, '\0');
    byte[] password = Arrays.copyOf(buffer, bytes.position());
    Arrays.fill(buffer, (byte) 0);
    return password;
  }

  private static byte[] readLine(InputStream input) throws IOException {
    byte[] buffer = new byte[MAX + 1];
    int n = 0;
    for (int b = input.read(); b >= 0 && b != '\n' && n < buffer.length; b = input.read()) {
      buffer[n++] = (byte) b;
    }
    byte[] password = Arrays.copyOf(buffer, n);
    Arrays.fill(buffer, (byte) 0);
    return password;
  }
}
