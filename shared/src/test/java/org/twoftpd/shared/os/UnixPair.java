/*
 * Two connected UNIX sockets for tests, and a way to send descriptors over one.  Native has none, since no process of this
 * program sends descriptors by it.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_SEQPACKET;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Both ends are non-blocking and close-on-exec. */
@SuppressWarnings("restricted")
public record UnixPair(int near, int far) implements AutoCloseable {

  private static final AtomicInteger SERIAL = new AtomicInteger();
  private static final MethodHandle SENDMSG =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("sendmsg").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));

  /** A pair of stream sockets. */
  public static UnixPair open() {
    return open(SOCK_STREAM);
  }

  /** A pair of sockets of packets: one read gives what one write has put in. */
  public static UnixPair openPackets() {
    return open(SOCK_SEQPACKET);
  }

  private static UnixPair open(int type) {
    byte[] name = sockaddr("\0twoftpd-test-" + Native.getpid() + "-" + SERIAL.getAndIncrement());
    int server = Native.socket(AF_UNIX, type, 0);
    assertEquals(0, Native.bind(server, name));
    assertEquals(0, Native.listen(server, 1));
    int near = Native.socket(AF_UNIX, type, 0);
    assertEquals(0, Native.connect(near, name));
    int far = Native.accept(server);
    assertTrue(far >= 0, () -> "accept answered " + far);
    assertEquals(0, Native.close(server));
    return new UnixPair(near, far);
  }

  /** A struct sockaddr_un; a leading NUL makes the name abstract, see unix(7). */
  static byte[] sockaddr(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    byte[] address = new byte[2 + bytes.length];
    address[0] = AF_UNIX;
    System.arraycopy(bytes, 0, address, 2, bytes.length);
    return address;
  }

  /** Sends text with descriptors beside it from the near end: struct msghdr of sendmsg(2). */
  void send(String text, int... descriptors) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(text, StandardCharsets.ISO_8859_1);
      MemorySegment iov = arena.allocate(16, 8);
      iov.set(ValueLayout.ADDRESS, 0, data);
      iov.set(ValueLayout.JAVA_LONG, 8, text.length());
      MemorySegment message = arena.allocate(56, 8);
      message.set(ValueLayout.ADDRESS, 16, iov);
      message.set(ValueLayout.JAVA_LONG, 24, 1);
      if (descriptors.length > 0) {
        int length = 16 + 4 * descriptors.length;
        MemorySegment control = arena.allocate((length + 7) & ~7, 8);
        control.set(ValueLayout.JAVA_LONG, 0, length);
        control.set(ValueLayout.JAVA_INT, 8, 1); // SOL_SOCKET
        control.set(ValueLayout.JAVA_INT, 12, 1); // SCM_RIGHTS
        for (int i = 0; i < descriptors.length; i++) {
          control.set(ValueLayout.JAVA_INT, 16 + 4L * i, descriptors[i]);
        }
        message.set(ValueLayout.ADDRESS, 32, control);
        message.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
      }
      assertEquals(text.length(), (long) SENDMSG.invokeExact(near, message, 0));
    }
  }

  /** Reads from the near end until the other side has closed, for ten seconds at most a read. */
  public String readAll() {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[4096];
    int n;
    do {
      assertEquals(1, Native.poll(new int[] {near}, new short[] {1}, 1, 10_000));
      n = Native.read(near, buffer, 0, buffer.length);
      all.append(new String(buffer, 0, Math.max(n, 0), StandardCharsets.ISO_8859_1));
    } while (n > 0);
    return all.toString();
  }

  @Override
  public void close() {
    Native.close(near);
    Native.close(far);
  }
}
