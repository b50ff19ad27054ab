/*
 * Descriptors are read, written, polled and passed through the JVM.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.PollEvents.POLLHUP;
import static org.twoftpd.shared.os.PollEvents.POLLIN;
import static org.twoftpd.shared.os.PollEvents.POLLNVAL;
import static org.twoftpd.shared.os.PollEvents.POLLOUT;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeDescriptorTest {

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void readsAndWritesOnlyTheRegion() {
    try (UnixPair p = UnixPair.open()) {
      assertEquals(3, Native.write(p.near(), bytes("0123456"), 2, 3));
      byte[] b = bytes("..........");
      assertEquals(3, Native.read(p.far(), b, 4, 6));
      assertArrayEquals(bytes("....234..."), b);
      assertEquals(-Errno.EAGAIN, Native.read(p.far(), b, 0, 10));
    }
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    int[][] regions = {
      {-1, 1}, {0, -1}, {0, 11}, {10, 1}, {11, 0}, {1, Integer.MAX_VALUE}, {Integer.MIN_VALUE, 5}
    };
    try (UnixPair p = UnixPair.open()) {
      for (int[] r : regions) {
        assertEquals(-Errno.EINVAL, Native.read(p.far(), new byte[10], r[0], r[1]));
        assertEquals(-Errno.EINVAL, Native.write(p.far(), new byte[10], r[0], r[1]));
        assertEquals(-Errno.EINVAL, Native.recvmsg(p.far(), new byte[10], r[0], r[1], new int[1]));
      }
      assertEquals(-Errno.EFAULT, Native.read(p.far(), null, 0, 0));
      assertEquals(-Errno.EFAULT, Native.poll(null, new short[1], 1, 0));
      assertEquals(-Errno.EINVAL, Native.poll(new int[1], new short[2], 2, 0));
    }
  }

  @Test
  void polls() {
    try (UnixPair p = UnixPair.open()) {
      int[] fds = {p.near(), p.far(), 1 << 20};
      short[] events = {POLLIN | POLLOUT, POLLIN, POLLIN};
      assertEquals(2, Native.poll(fds, events, 3, 1000));
      assertArrayEquals(new short[] {POLLOUT, 0, POLLNVAL}, events);
      Native.write(p.near(), new byte[1], 0, 1);
      Native.shutdown(p.near(), 1);
      events = new short[] {0, POLLIN};
      assertEquals(1, Native.poll(fds, events, 2, 1000));
      assertEquals(POLLIN, events[1] & ~0x2000);
      Native.shutdown(p.near(), 0);
      events = new short[] {0, 0};
      assertEquals(2, Native.poll(fds, events, 2, 1000));
      assertEquals(POLLHUP, events[1]);
    }
  }

  @Test
  void wakesAPollOfAnotherThread() throws InterruptedException {
    int event = Native.eventfd();
    Thread waker =
        Thread.ofPlatform()
            .start(() -> Native.write(event, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 0, 8));
    assertEquals(1, Native.poll(new int[] {event}, new short[] {POLLIN}, 1, 10_000));
    waker.join();
    assertEquals(0, Native.close(event));
  }

  @Test
  void receivesDescriptors() throws Throwable {
    try (UnixPair p = UnixPair.open();
        UnixPair passed = UnixPair.open()) {
      p.send("here", passed.far(), passed.near());
      int[] got = new int[3];
      byte[] b = new byte[10];
      assertEquals(4, Native.recvmsg(p.far(), b, 1, 9, got));
      assertEquals("\0here", new String(b, 0, 5, StandardCharsets.ISO_8859_1));
      assertTrue(got[0] > 2 && got[1] > 2, "descriptors 0 to 2 are taken");
      assertEquals(-1, got[2]);
      assertNotEquals(passed.far(), got[0]);
      Native.write(passed.near(), bytes("through"), 0, 7);
      assertEquals(7, Native.read(got[0], b, 0, 10));
      assertEquals(0, Native.close(got[0]));
      assertEquals(0, Native.close(got[1]));
    }
  }

  @Test
  void closesDescriptorsThatWereNotExpected() throws Throwable {
    try (UnixPair p = UnixPair.open();
        UnixPair passed = UnixPair.open()) {
      p.send("x", passed.far(), passed.far());
      int[] one = {77};
      assertEquals(-Errno.EMSGSIZE, Native.recvmsg(p.far(), new byte[1], 0, 1, one));
      assertEquals(77, one[0]);
      p.send("x", passed.far());
      assertEquals(-Errno.EMSGSIZE, Native.recvmsg(p.far(), new byte[1], 0, 1, new int[0]));
      // If a copy were still open, its peer would not see the end.
      Native.close(passed.far());
      assertEquals(0, Native.read(passed.near(), new byte[1], 0, 1));
    }
  }

  @Test
  void changesTheNumberInAFileDescriptor(@TempDir Path directory) throws Exception {
    try (var file = new FileOutputStream(directory.resolve("f").toFile())) {
      FileDescriptor d = file.getFD();
      int fd = Native.number(d);
      int copy = Native.duplicate(fd, 50);
      assertTrue(copy >= 50);
      Native.renumber(d, copy);
      file.write('x');
      assertEquals(0, Native.close(fd));
      assertEquals(copy, Native.number(d));
    }
    assertEquals("x", Files.readString(directory.resolve("f")));
    FileDescriptor none = new FileDescriptor();
    assertEquals(-1, Native.number(none));
  }
}
