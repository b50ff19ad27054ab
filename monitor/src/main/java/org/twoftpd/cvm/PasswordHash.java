/*
 * Trusted with a new password while it is hashed.
 */
package org.twoftpd.cvm;

import com.kenai.jffi.Function;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Makes new hashes, by the strongest method that the libcrypt of this machine has. */
public final class PasswordHash {
  /** CRYPT_GENSALT_OUTPUT_SIZE of crypt_gensalt(3). */
  private static final int SETTING_SIZE = 192;

  private static final int RANDOM_SIZE = 32;
  private static final int PREFIX_SIZE = 8;

  /** yescrypt, and SHA-512 for a libcrypt that is older; crypt(5). */
  private static final String[] PREFIXES = {"$y$", "$6$"};

  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private PasswordHash() {}

  /**
   * Hashes a password with a new salt, at the default cost of libcrypt.
   *
   * @param password 1 to 511 bytes without a NUL; the caller wipes them
   * @throws UnsatisfiedLinkError when libcrypt has no crypt_gensalt_rn(3)
   */
  public static String of(byte[] password, CryptLibrary library) {
    Function gensalt =
        library.function(
            "crypt_gensalt_rn",
            Type.POINTER,
            Type.ULONG,
            Type.POINTER,
            Type.SINT,
            Type.POINTER,
            Type.SINT);
    for (String prefix : PREFIXES) {
      byte[] setting = newSetting(gensalt, prefix);
      byte[] hash = setting == null ? null : library.hash(password, setting);
      if (hash != null) {
        return new String(hash, StandardCharsets.US_ASCII);
      }
    }
    throw new UnsatisfiedLinkError("libcrypt knows neither yescrypt nor SHA-512");
  }

  private static byte[] newSetting(Function gensalt, String prefix) {
    byte[] random = new byte[RANDOM_SIZE];
    new SecureRandom().nextBytes(random);
    byte[] name = prefix.getBytes(StandardCharsets.US_ASCII);
    long memory = CryptLibrary.allocate(PREFIX_SIZE + RANDOM_SIZE + SETTING_SIZE);
    try {
      MEMORY.putByteArray(memory, name, 0, name.length);
      MEMORY.putByteArray(memory + PREFIX_SIZE, random, 0, RANDOM_SIZE);
      long setting =
          Invoker.getInstance()
              .invokeNNNNNNrN(
                  gensalt,
                  memory,
                  0,
                  memory + PREFIX_SIZE,
                  RANDOM_SIZE,
                  memory + PREFIX_SIZE + RANDOM_SIZE,
                  SETTING_SIZE);
      byte[] text = setting == 0 ? null : MEMORY.getZeroTerminatedByteArray(setting, SETTING_SIZE);
      return text == null || text.length == 0 ? null : text;
    } finally {
      MEMORY.freeMemory(memory);
    }
  }
}
