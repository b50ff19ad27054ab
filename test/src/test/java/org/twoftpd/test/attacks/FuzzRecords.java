/*
 * Hellos and records for the fuzzer: real ones, then spoiled.  The same seed gives the same bytes.
 */
package org.twoftpd.test.attacks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import org.twoftpd.test.harness.Hello;

/** What a client of TLS might send, and what none would. */
final class FuzzRecords {
  private static final int[] TYPES = {20, 21, 22, 23, 24, 0, 255};
  private static final int[] SIZES = {1, 2, 3, 17, 100, 1000};
  private static final int LARGEST = 16_640;
  private static final int KIND = Hello.HEAD;

  private final Random random;
  private final byte[][] hellos;

  /** The hellos have a random of their own, which no seed has a part in. */
  FuzzRecords(long seed) throws IOException, GeneralSecurityException {
    random = new Random(seed);
    hellos =
        new byte[][] {
          Hello.of("TLSv1.3"),
          Hello.of("TLSv1.2"),
          Hello.of("TLSv1.3", "ftp"),
          Hello.longer("TLSv1.3", 7),
          Hello.longer("TLSv1.2", 20)
        };
  }

  /** A number from 0 to {@code n - 1}. */
  int choose(int n) {
    return random.nextInt(n);
  }

  /** What is sent in the place of a hello. */
  byte[] hello() {
    byte[] h = hellos[choose(hellos.length)].clone();
    for (int n = choose(4); n > 0; n--) {
      h = spoil(h);
    }
    if (choose(3) == 0 && h.length > Hello.HEAD) {
      h = Hello.split(h, SIZES[choose(SIZES.length)]);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (choose(6) == 0) {
      all.writeBytes(record());
    }
    all.writeBytes(h);
    for (int n = choose(4); n > 0; n--) {
      all.writeBytes(choose(3) == 0 ? h : record());
    }
    return all.toByteArray();
  }

  /** A record of any kind. */
  byte[] record() {
    int length = choose(4) == 0 ? choose(LARGEST) : choose(40);
    byte[] r = new byte[Hello.HEAD + length];
    random.nextBytes(r);
    r[0] = (byte) TYPES[choose(TYPES.length)];
    r[1] = 3;
    r[2] = (byte) choose(5);
    int said = choose(8) == 0 ? random.nextInt(1 << 16) : length;
    r[3] = (byte) (said >> 8);
    r[4] = (byte) said;
    if (length > 1 && r[0] == Hello.ALERT) {
      r[KIND] = (byte) (1 + choose(2));
    } else if (length > 1 && r[0] == Hello.HANDSHAKE) {
      r[KIND] = (byte) choose(26);
    }
    return r;
  }

  private byte[] spoil(byte[] b) {
    int at = choose(b.length);
    return switch (choose(6)) {
      case 0 -> {
        b[at] = (byte) random.nextInt(256);
        yield b;
      }
      case 1 -> Arrays.copyOf(b, at);
      // Lengths lie in pairs of bytes, most of which are small.
      case 2 -> {
        b[at] = (byte) (b[at] + choose(3) - 1);
        yield b;
      }
      case 3 -> {
        Arrays.fill(b, at, Math.min(b.length, at + choose(20)), (byte) choose(256));
        yield b;
      }
      case 4 -> {
        b[Math.min(b.length - 1, Hello.HEAD + choose(80))] ^= (byte) (1 << choose(8));
        yield b;
      }
      default -> {
        byte[] longer = Arrays.copyOf(b, b.length + choose(300));
        System.arraycopy(b, at, longer, longer.length - (b.length - at), b.length - at);
        yield longer;
      }
    };
  }
}
