package org.twoftpd.test.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that a test can name in a setting. They lie below those that the kernel gives to
 * clients, so that no connection of another test takes one in the meantime.
 */
public final class FreePorts {
  private static final int LOWEST = 20_000;
  private static final int BEHIND_THE_HIGHEST = 32_000;
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

  private FreePorts() {}

  /** Sockets that listen on so many ports of 127.0.0.1 that follow one another. */
  public static ServerSocket[] listeners(int count) throws IOException {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(LOWEST, BEHIND_THE_HIGHEST - count);
      ServerSocket[] all = new ServerSocket[count];
      try {
        for (int i = 0; i < count; i++) {
          all[i] = new ServerSocket(first + i, 1, LOCAL);
        }
        return all;
      } catch (IOException e) {
        for (ServerSocket s : all) {
          if (s != null) {
            s.close();
          }
        }
      }
    }
  }

  /** A port of 127.0.0.1 that nobody listens on. */
  public static int one() throws IOException {
    try (ServerSocket s = listeners(1)[0]) {
      return s.getLocalPort();
    }
  }
}
