/*
 * Many sessions at a time send from one port, each to its own client.
 */
package org.twoftpd.monitor.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

class PrivilegedPortTest {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** A free port stands for port 20, which another program of this machine may have. */
  private static int freePort(String address) throws Exception {
    try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return s.getLocalPort();
    }
  }

  private static Endpoint endpoint(String address, int port) {
    return new Endpoint(AddressText.parse(address), port, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void manyConnectFromItAtATime(String address) throws Exception {
    int port = freePort(address);
    List<Integer> fds = new ArrayList<>();
    List<Socket> accepted = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        int fd = PrivilegedPort.open(endpoint(address, 4711), port);
        fds.add(fd);
        try (ServerSocket client = new ServerSocket(0, 1, InetAddress.getByName(address))) {
          client.setSoTimeout(TIMEOUT_MILLIS);
          int r = Native.connect(fd, endpoint(address, client.getLocalPort()).toSockaddr());
          assertEquals(0, r == -Errno.EINPROGRESS ? 0 : r);
          Socket s = client.accept();
          accepted.add(s);
          assertEquals(port, s.getPort());
        }
      }
    } finally {
      fds.forEach(Native::close);
      for (Socket s : accepted) {
        s.close();
      }
    }
  }

  @Test
  void aSessionThatListensOnItKeepsItFromNobody() throws Exception {
    int port = freePort("127.0.0.1");
    int rogue = PrivilegedPort.open(endpoint("127.0.0.1", 1), port);
    try {
      assertEquals(0, Native.listen(rogue, 1));
      Native.close(PrivilegedPort.open(endpoint("127.0.0.1", 1), port));
    } finally {
      Native.close(rogue);
    }
  }

  @Test
  void anotherProgramsPortIsNotTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      SystemCallException e =
          assertThrows(
              SystemCallException.class,
              () -> PrivilegedPort.open(endpoint("127.0.0.1", 1), other.getLocalPort()));
      assertEquals(Errno.EADDRINUSE, e.errno());
    }
  }
}
