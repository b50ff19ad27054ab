package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

/** What a session has of its client over TLS, and what it says to the gate of transfers. */
class SessionEnd {
  /** The gate's and the session's ends of the control connection, and of the line. */
  final int[] pair = new int[2];

  final int[] line = new int[2];
  private byte number;

  /** Hands over what the session has accepted; returns its end of what is inside. */
  int hand(int data, int direction) {
    int[] inside = new int[2];
    assertEquals(0, Native.dataPair(inside));
    hand(data, inside[1], direction);
    Native.close(inside[1]);
    return inside[0];
  }

  /** Hands over any two descriptors. */
  void hand(int data, int inside, int direction) {
    byte[] frame = {TransferLine.PROTECT, ++number, (byte) direction};
    assertEquals(3, Native.sendDescriptors(line[1], frame, data, inside));
  }

  void say(int verdict) {
    byte[] frame = {TransferLine.DONE, number, (byte) verdict};
    assertEquals(3, Native.write(line[1], frame, 0, 3));
  }

  void expect(int what, int argument) throws IOException {
    assertFrame(what, argument, read(line[1], 3));
  }

  /** The same, behind any number of other frames. */
  void expectBehind(int others, int what, int argument) throws IOException {
    byte[] frame = read(line[1], 3);
    while (frame[0] == others) {
      frame = read(line[1], 3);
    }
    assertFrame(what, argument, frame);
  }

  private void assertFrame(int what, int argument, byte[] frame) {
    assertArrayEquals(new byte[] {(byte) what, number, (byte) argument}, frame);
  }

  /** Reads so many bytes, or to the end. */
  static byte[] read(int fd, int length) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] b = new byte[65536];
    while (all.size() < length) {
      int n = Native.read(fd, b, 0, Math.min(b.length, length - all.size()));
      if (n == -Errno.EAGAIN) {
        TestSockets.await(fd, Readiness.READ);
      } else if (n <= 0) {
        break;
      } else {
        all.write(b, 0, n);
      }
    }
    return all.toByteArray();
  }
}
