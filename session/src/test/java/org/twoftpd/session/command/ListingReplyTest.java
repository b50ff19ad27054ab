package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.data.LineSource;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** A listing in a reply (STAT with a path, or MLST) must stay one reply when it fails. */
class ListingReplyTest {
  private static final Endpoint LOOPBACK = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);

  private int fd;
  private Socket client;
  private ControlConnection control;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket l = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      fd = Native.socket(LOOPBACK.domain(), 1, 0);
      Native.connect(fd, LOOPBACK.withPort(l.getLocalPort()).toSockaddr());
      client = l.accept();
    }
    control = new ControlConnection(fd, (_, _, _) -> true, 5);
  }

  @AfterEach
  void disconnect() throws IOException {
    Native.close(fd);
    client.close();
  }

  /** Returns lines that fail with EIO after so many pieces. */
  private static LineSource failingAfter(int pieces) {
    int[] given = {0};
    return buffer -> {
      if (given[0]++ == pieces) {
        throw new SystemCallException(Errno.EIO);
      }
      byte[] line = "a line\r\n".getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(line, 0, buffer, 0, line.length);
      return line.length;
    };
  }

  private String replied() throws Exception {
    control.flush();
    Native.shutdown(fd, 1);
    try (InputStream in = client.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aFailureBeforeTheFirstLineLeavesTheReplyToTheCaller() throws Exception {
    assertThrows(
        SystemCallException.class, () -> Listings.replyLines(control, failingAfter(0), 213));
    assertEquals("", replied());
  }

  @Test
  void aLaterOneEndsTheReplyWithTheCodeThatItBeganWith() throws Exception {
    Listings.replyLines(control, failingAfter(2), 213);
    assertEquals(
        "213-Listing:\r\n a line\r\n a line\r\n213 The listing is incomplete: "
            + Errno.message(Errno.EIO)
            + ".\r\n",
        replied());
  }
}
