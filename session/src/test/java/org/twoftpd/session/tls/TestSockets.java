package org.twoftpd.session.tls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** A listening socket of the loopback network, and what connects to it. */
final class TestSockets implements AutoCloseable {
  private static final int SOCK_STREAM = 1;

  private final int listener;
  private final int port;
  private final List<Integer> accepted = new ArrayList<>();

  TestSockets() throws IOException {
    Endpoint here = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
    listener = SystemCallException.check(Native.socket(here.domain(), SOCK_STREAM, 0));
    SystemCallException.check(Native.bind(listener, here.toSockaddr()));
    SystemCallException.check(Native.listen(listener, 10));
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    port = Endpoint.fromSockaddr(name, Native.getsockname(listener, name)).port();
  }

  int port() {
    return port;
  }

  /** The next connection, within ten seconds. */
  int accept() throws IOException {
    await(listener, Readiness.READ);
    int fd = SystemCallException.check(Native.accept(listener));
    accepted.add(fd);
    return fd;
  }

  /** As {@link #accept}, for somebody else to close. */
  int acceptForGood() throws IOException {
    int fd = accept();
    accepted.remove(Integer.valueOf(fd));
    return fd;
  }

  /** Closes what was accepted. */
  void close(int fd) {
    accepted.remove(Integer.valueOf(fd));
    Native.close(fd);
  }

  /** Waits, at most ten seconds. */
  static void await(int fd, int events) throws IOException {
    short[] e = {(short) events};
    if (Native.poll(new int[] {fd}, e, 1, 10_000) == 0) {
      throw new IOException("nothing within ten seconds");
    }
  }

  /** Does the whole handshake. */
  static TlsConnection shakeHands(TlsConnection c) throws IOException, TlsFailed {
    while (true) {
      int s = c.handshake();
      switch (s) {
        case TlsConnection.DONE -> {
          return c;
        }
        case TlsConnection.TASK -> c.compute();
        default -> await(c.fd(), s);
      }
    }
  }

  @Override
  public void close() {
    Native.close(listener);
    for (int fd : accepted) {
      Native.close(fd);
    }
  }
}
