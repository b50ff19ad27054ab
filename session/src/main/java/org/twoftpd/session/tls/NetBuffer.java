package org.twoftpd.session.tls;

import java.nio.ByteBuffer;
import org.twoftpd.shared.os.Native;

/**
 * Bytes on their way between a descriptor and an engine, in memory that the kernel reads and writes
 * without a copy. What it holds lies from the position of {@link #bytes} to the limit.
 */
final class NetBuffer {
  private static final byte[] ZEROS = new byte[4096];

  private final ByteBuffer bytes;
  private final long address;

  /** How far it has been used since it was wiped. */
  private int used;

  NetBuffer(int capacity) {
    bytes = ByteBuffer.allocateDirect(capacity);
    address = Native.address(bytes);
    bytes.limit(0);
  }

  /** What it holds, to be taken by moving the position. */
  ByteBuffer bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  int capacity() {
    return bytes.capacity();
  }

  /** How many bytes {@link #beginPutting} would find room for. */
  int room() {
    return bytes.capacity() - bytes.remaining();
  }

  /** The buffer with what it holds at its beginning and the position behind that. */
  ByteBuffer beginPutting() {
    return bytes.compact();
  }

  /** To be called behind {@link #beginPutting}. */
  void endPutting() {
    bytes.flip();
    used = Math.max(used, bytes.limit());
  }

  /** Reads once, behind what it holds; there must be room. As read(2), or a negative errno. */
  int fill(int fd) {
    bytes.compact();
    int at = bytes.position();
    int n = (int) Native.readTo(fd, address + at, bytes.remaining());
    bytes.position(at + Math.max(n, 0));
    endPutting();
    return n;
  }

  /** Writes once what it holds, as far as it goes. As write(2), or a negative errno. */
  int drain(int fd) {
    int n = (int) Native.writeFrom(fd, address + bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(n, 0));
    return n;
  }

  /** Forgets what it holds, and leaves nothing of it: it may have been a password. */
  void wipe() {
    bytes.clear().limit(used);
    while (bytes.hasRemaining()) {
      bytes.put(ZEROS, 0, Math.min(bytes.remaining(), ZEROS.length));
    }
    bytes.clear().limit(0);
    used = 0;
  }
}
