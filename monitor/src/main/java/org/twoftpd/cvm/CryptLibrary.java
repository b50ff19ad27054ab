/*
 * Trusted with passwords while they are hashed, in memory that it wipes afterwards.
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
 * The function crypt_r(3) of libcrypt, for any number of threads at once. It is called through
 * jffi, the lowest layer of jnr, because the layers above generate a class for each library at run
 * time and load five hundred of their own for that.
 */
public final class CryptLibrary {
  private static final String[] NAMES = {"libcrypt.so.1", "libcrypt.so.2"};

  /** At least the size of struct crypt_data: 32768 bytes in libxcrypt, 131232 in glibc. */
  private static final int DATA_SIZE = 131_328;

  /** CRYPT_MAX_PASSPHRASE_SIZE of crypt(3), more than fits into a request. */
  private static final int PHRASE_SIZE = 512;

  /** CRYPT_OUTPUT_SIZE of crypt(3), the NUL included. */
  static final int HASH_SIZE = 384;

  private static final int SIZE = PHRASE_SIZE + HASH_SIZE + DATA_SIZE;

  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final Library library;
  private final Function crypt;

  /** Memory that no call uses now. There is one piece for each of the most calls at one time. */
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

  /** Allocates zeroed memory outside the heap, of that many bytes. */
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
      // The memory is zeroed, so both texts end with a NUL and struct crypt_data is initialized.
      MEMORY.putByteArray(memory, password, 0, password.length);
      MEMORY.putByteArray(memory + PHRASE_SIZE, setting, 0, setting.length);
      return textOf(
          Invoker.getInstance()
              .invokeNNNrN(crypt, memory, memory + PHRASE_SIZE, memory + PHRASE_SIZE + HASH_SIZE));
    } finally {
      MEMORY.setMemory(memory, SIZE, (byte) 0);
      scratch.add(memory);
    }
  }

  /** The text at an address; null for none, and for one that begins with *, which means failure. */
  private static byte[] textOf(long hash) {
    byte[] bytes = hash == 0 ? null : MEMORY.getZeroTerminatedByteArray(hash, HASH_SIZE);
    return bytes == null || bytes.length == 0 || bytes[0] == '*' ? null : bytes;
  }
}
