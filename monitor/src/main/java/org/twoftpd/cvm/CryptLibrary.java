/*
 * Trusted with passwords for as long as one hash takes, in memory of its own that it wipes.  The one place that talks
 * to libcrypt.
 */
package org.twoftpd.cvm;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** crypt_r(3), for any number of threads at once. */
public final class CryptLibrary {
  /** What is called; public because jnr-ffi implements it from another package. */
  public interface Functions {
    Pointer crypt_r(Pointer phrase, Pointer setting, Pointer data);
  }

  private static final String[] NAMES = {"libcrypt.so.1", "libcrypt.so.2"};

  /** More than struct crypt_data has anywhere: 32768 bytes in libxcrypt, 131232 in glibc's. */
  private static final int DATA_SIZE = 131_328;

  /** CRYPT_MAX_PASSPHRASE_SIZE of crypt(3), more than a request can hold. */
  private static final int PHRASE_SIZE = 512;

  /** CRYPT_OUTPUT_SIZE of crypt(3), the NUL included. */
  static final int HASH_SIZE = 384;

  private static final int SIZE = PHRASE_SIZE + HASH_SIZE + DATA_SIZE;

  private final Functions functions;
  private final Runtime runtime;

  /** One for each thread that was ever at work at the same time: allocated once, used again. */
  private final Queue<Pointer> scratch = new ConcurrentLinkedQueue<>();

  private CryptLibrary(Functions functions) {
    this.functions = functions;
    this.runtime = Runtime.getRuntime(functions);
  }

  /**
   * Loads the library and tries it.
   *
   * @throws UnsatisfiedLinkError when it is not there, or does not know SHA-512
   */
  public static CryptLibrary load() {
    CryptLibrary library = new CryptLibrary(find(0));
    byte[] hash = library.hash(ascii("twoftpd"), ascii("$6$rounds=1000$twoftpd"));
    if (hash == null || !HashKind.of(hash).equals("6$rounds=1000")) {
      throw new UnsatisfiedLinkError("libcrypt does not know SHA-512");
    }
    return library;
  }

  private static Functions find(int index) {
    try {
      return LibraryLoader.create(Functions.class).failImmediately().load(NAMES[index]);
    } catch (UnsatisfiedLinkError failure) {
      if (index + 1 == NAMES.length) {
        throw failure;
      }
      return find(index + 1);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Hashes a password.
   *
   * @param password fewer than 512 bytes, up to the first NUL
   * @param setting a hash, or the part of one before the hash itself; fewer than 384 bytes
   * @return the hash, or null when crypt(3) does not know the setting
   */
  public byte[] hash(byte[] password, byte[] setting) {
    if (password.length >= PHRASE_SIZE || setting.length >= HASH_SIZE) {
      return null;
    }
    Pointer memory = scratch.poll();
    if (memory == null) {
      memory = Memory.allocateDirect(runtime, SIZE, true);
    }
    try {
      // It is all zeros, so both texts have their NUL and struct crypt_data is as it must be.
      memory.put(0, password, 0, password.length);
      memory.put(PHRASE_SIZE, setting, 0, setting.length);
      Pointer hash =
          functions.crypt_r(
              memory, memory.slice(PHRASE_SIZE), memory.slice(PHRASE_SIZE + HASH_SIZE));
      return hash == null ? null : known(hash);
    } finally {
      memory.setMemory(0, SIZE, (byte) 0);
      scratch.add(memory);
    }
  }

  /** Null for the texts that begin with * and stand for failure. */
  private static byte[] known(Pointer hash) {
    int length = hash.indexOf(0, (byte) 0, HASH_SIZE);
    if (length <= 0 || hash.getByte(0) == '*') {
      return null;
    }
    byte[] bytes = new byte[length];
    hash.get(0, bytes, 0, length);
    return bytes;
  }
}
