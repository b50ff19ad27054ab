/*
 * Trusted with passwords for as long as one hash takes, in memory of its own that it wipes.  The one place that talks
 * to libcrypt.
 */
package org.twoftpd.cvm;

import com.kenai.jffi.Function;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * crypt_r(3), for any number of threads at once. Called by jffi, the lowest layer of jnr: what lies
 * above it writes a class for each library at run time, with five hundred of its own.
 */
public final class CryptLibrary {
  private static final String[] NAMES = {"libcrypt.so.1", "libcrypt.so.2"};

  /** More than struct crypt_data has anywhere: 32768 bytes in libxcrypt, 131232 in glibc's. */
  private static final int DATA_SIZE = 131_328;

  /** CRYPT_MAX_PASSPHRASE_SIZE of crypt(3), more than a request can hold. */
  private static final int PHRASE_SIZE = 512;

  /** CRYPT_OUTPUT_SIZE of crypt(3), the NUL included. */
  static final int HASH_SIZE = 384;

  private static final int SIZE = PHRASE_SIZE + HASH_SIZE + DATA_SIZE;

  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final Library library;
  private final Function crypt;

  /** One for each thread that was ever at work at the same time: allocated once, used again. */
  private final Queue<Long> scratch = new ConcurrentLinkedQueue<>();

  private CryptLibrary(Library library) {
    this.library = library;
    this.crypt = function("crypt_r", Type.POINTER, Type.POINTER, Type.POINTER);
  }

  /**
   * Loads the library and tries it.
   *
   * @throws UnsatisfiedLinkError when it is not there, or does not know SHA-512
   */
  public static CryptLibrary load() {
    CryptLibrary library = new CryptLibrary(find());
    byte[] hash = library.hash(ascii("twoftpd"), ascii("$6$rounds=1000$twoftpd"));
    if (hash == null || !HashKind.of(hash).equals("6$rounds=1000")) {
      throw new UnsatisfiedLinkError("libcrypt does not know SHA-512");
    }
    return library;
  }

  private static Library find() {
    for (String name : NAMES) {
      Library library = Library.getCachedInstance(name, Library.NOW | Library.LOCAL);
      if (library != null) {
        return library;
      }
    }
    throw new UnsatisfiedLinkError(Library.getLastError());
  }

  /**
   * A function of the library that returns a pointer.
   *
   * @throws UnsatisfiedLinkError when it has none of that name
   */
  Function function(String name, Type... parameters) {
    long address = library.getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError("libcrypt has no " + name);
    }
    return new Function(address, Type.POINTER, parameters);
  }

  /** So many bytes, all zero. */
  static long allocate(int size) {
    long memory = MEMORY.allocateMemory(size, true);
    if (memory == 0) {
      throw new IllegalStateException("no memory for crypt(3)");
    }
    return memory;
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
    Long free = scratch.poll();
    long memory = free == null ? allocate(SIZE) : free;
    try {
      // It is all zeros, so both texts have their NUL and struct crypt_data is as it must be.
      MEMORY.putByteArray(memory, password, 0, password.length);
      MEMORY.putByteArray(memory + PHRASE_SIZE, setting, 0, setting.length);
      return known(
          Invoker.getInstance()
              .invokeNNNrN(crypt, memory, memory + PHRASE_SIZE, memory + PHRASE_SIZE + HASH_SIZE));
    } finally {
      MEMORY.setMemory(memory, SIZE, (byte) 0);
      scratch.add(memory);
    }
  }

  /** Null for no text, and for those that begin with * and stand for failure. */
  private static byte[] known(long hash) {
    byte[] bytes = hash == 0 ? null : MEMORY.getZeroTerminatedByteArray(hash, HASH_SIZE);
    return bytes == null || bytes.length == 0 || bytes[0] == '*' ? null : bytes;
  }
}
