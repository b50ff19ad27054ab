package org.twoftpd.session.tls;

import javax.net.ssl.SSLException;
import org.twoftpd.shared.wire.TransferLine;

/** A TLS connection that cannot go on. Its text is for the log: printable ASCII, 200 characters. */
public final class TlsFailed extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int TEXT_MAX = 200;

  /** What JSSE says of a full handshake where only a resumed one is allowed. */
  private static final String NO_SESSION = "Not resumption, and no new session is allowed";

  static final String NOT_RESUMED =
      "did not resume the session of the control connection (TLS_REUSE)";

  private final int refusal;

  public TlsFailed(String reason) {
    this(reason, TransferLine.HANDSHAKE_FAILED);
  }

  /**
   * @param refusal what a session is told of a data connection that fails so: {@link
   *     TransferLine#NOT_RESUMED} or its like
   */
  TlsFailed(String reason, int refusal) {
    super(clean(reason), null, false, false);
    this.refusal = refusal;
  }

  /** As an engine says it. */
  static TlsFailed of(SSLException e) {
    return NO_SESSION.equals(e.getMessage())
        ? new TlsFailed(NOT_RESUMED, TransferLine.NOT_RESUMED)
        : new TlsFailed(e.getMessage());
  }

  /** One of {@link TransferLine#NOT_RESUMED} and its like. */
  int refusal() {
    return refusal;
  }

  /** What JSSE says may have words of the peer's in it. */
  private static String clean(String reason) {
    String text = reason == null ? "unknown" : reason;
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < text.length() && i < TEXT_MAX; i++) {
      char c = text.charAt(i);
      b.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    return b.toString();
  }
}
