package org.twoftpd.session.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.twoftpd.shared.os.Native;

/**
 * Bytes on their way between a descriptor and an engine. They lie in an array, since the
 * processors' instructions for ciphers work on arrays: direct memory goes through them in pieces of
 * 512 bytes, which takes twice the time. The kernel reads and writes the array without a copy. What
 * it holds lies from the position of {@link #bytes} to the limit.
 */
final class NetBuffer {
  private final byte[] array;
  private final ByteBuffer bytes;

  /** How far it has been used since it was wiped. */
  private int used;

  NetBuffer(int capacity) {
    array = new byte[capacity];
    bytes = ByteBuffer.wrap(array).limit(0);
  }

  /** What it holds, to be taken by moving the position. */
  ByteBuffer bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** How many bytes {@link #beginPutting} would find room for. */
  int room() {
    return array.length - bytes.remaining();
  }

  /** The buffer with what it holds at its beginning and the position behind that. */
  ByteBuffer beginPutting() {
    if (bytes.position() == 0) {
      // Nothing has to be moved; compact() would copy every byte onto itself.
      int held = bytes.limit();
      return bytes.clear().position(held);
    }
    return bytes.compact();
  }

  /** To be called behind {@link #beginPutting}. */
  void endPutting() {
    bytes.flip();
    used = Math.max(used, bytes.limit());
  }

  /** Reads once, behind what it holds; there must be room. As read(2), or a negative errno. */
  int fill(int fd) {
    return fill(fd, array.length);
  }

  /** The same, until it holds {@code most} bytes at the most. */
  int fill(int fd, int most) {
    int at = beginPutting().position();
    int n = Native.readInto(fd, array, at, most - at);
    bytes.position(at + Math.max(n, 0));
    endPutting();
    return n;
  }

  /** Writes once what it holds, as far as it goes. As write(2), or a negative errno. */
  int drain(int fd) {
    int n = Native.writeOutOf(fd, array, bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(n, 0));
    return n;
  }

  /** Forgets what it holds, and leaves nothing of it: it may have been a password. */
  void wipe() {
    Arrays.fill(array, 0, used, (byte) 0);
    bytes.clear().limit(0);
    used = 0;
  }
}
