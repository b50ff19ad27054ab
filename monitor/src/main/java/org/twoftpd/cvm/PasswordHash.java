/*
 * Trusted with a password for as long as one hash takes: makes new hashes.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** New hashes by the strongest method that this machine's libcrypt has. */
public final class PasswordHash {
  /** What is called; public because jnr-ffi implements it from another package. */
  public interface Functions {
    Pointer crypt_gensalt_rn(
        Pointer prefix, long count, Pointer random, int length, Pointer output, int size);
  }

  /** CRYPT_GENSALT_OUTPUT_SIZE of crypt_gensalt(3). */
  private static final int SETTING_SIZE = 192;

  private static final int RANDOM_SIZE = 32;
  private static final int PREFIX_SIZE = 8;

  /** yescrypt, and SHA-512 where libcrypt is older; crypt(5). */
  private static final String[] PREFIXES = {"$y$", "$6$"};

  private PasswordHash() {}

  /**
   * Hashes with a new salt, at the cost that libcrypt finds right.
   *
   * @param password 1 to 511 bytes without a NUL; the caller wipes them
   * @throws UnsatisfiedLinkError when libcrypt has no crypt_gensalt_rn(3)
   */
  public static String of(byte[] password, CryptLibrary library) {
    Functions functions =
        LibraryLoader.create(Functions.class).failImmediately().load("libcrypt.so.1");
    for (String prefix : PREFIXES) {
      byte[] setting = setting(functions, prefix);
      byte[] hash = setting == null ? null : library.hash(password, setting);
      if (hash != null) {
        return new String(hash, StandardCharsets.US_ASCII);
      }
    }
    throw new UnsatisfiedLinkError("libcrypt knows neither yescrypt nor SHA-512");
  }

  private static byte[] setting(Functions functions, String prefix) {
    Pointer memory =
        Memory.allocateDirect(
            Runtime.getRuntime(functions), PREFIX_SIZE + RANDOM_SIZE + SETTING_SIZE, true);
    byte[] random = new byte[RANDOM_SIZE];
    new SecureRandom().nextBytes(random);
    memory.put(0, prefix.getBytes(StandardCharsets.US_ASCII), 0, prefix.length());
    memory.put(PREFIX_SIZE, random, 0, RANDOM_SIZE);
    Pointer output = memory.slice(PREFIX_SIZE + RANDOM_SIZE);
    Pointer setting =
        functions.crypt_gensalt_rn(
            memory, 0, memory.slice(PREFIX_SIZE), RANDOM_SIZE, output, SETTING_SIZE);
    int length = setting == null ? 0 : output.indexOf(0, (byte) 0, SETTING_SIZE);
    if (length <= 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    output.get(0, bytes, 0, length);
    return bytes;
  }
}
