/*
 * Trusted to write lines where the administrator looks for them, whole, and to lose them rather than stop the service.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;

/**
 * Lines to standard error, each in one write(2). Where somebody reads them as they come, on a pipe
 * or the socket of a journal, each has its priority in front as sd-daemon(3) has it; a file or a
 * terminal gets the lines alone.
 */
public final class Journal {
  private static final int STDERR = 2;

  private final int fd;
  private final boolean prefixed;

  /** A log of this process. */
  public Journal() {
    this(STDERR);
  }

  Journal(int fd) {
    this.fd = fd;
    long[] status = new long[9];
    int r = Native.statx(fd, new byte[0], FileFlags.AT_EMPTY_PATH, status);
    int kind = (int) status[0] & FileFlags.S_IFMT;
    this.prefixed = r == 0 && (kind == FileFlags.S_IFIFO || kind == FileFlags.S_IFSOCK);
  }

  /** Writes one event. From any thread. */
  public void write(Event event) {
    String prefix = prefixed ? "<" + event.priority() + ">" : "";
    byte[] b = (prefix + event.line() + "\n").getBytes(StandardCharsets.US_ASCII);
    Native.write(fd, b, 0, b.length);
  }
}
