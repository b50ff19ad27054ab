package org.twoftpd.shared.wire;

/**
 * What a session over TLS and the gate say to each other about one transfer after the other. A
 * frame has {@link #FRAME} bytes: what is said, the number of the transfer modulo 256, and one
 * more. Constants alone, which the compiler copies: no session loads this class.
 */
public final class TransferLine {
  /** The bytes of a frame. It goes out in one piece and is read as such. */
  public static final int FRAME = 3;

  /**
   * Session to gate, with two descriptors, that of the data connection and one end of a pair for
   * what is inside of it: begin. The last byte is {@link #UPLOAD} or {@link #DOWNLOAD}.
   */
  public static final int PROTECT = 1;

  /** Session to gate: it is over. The last byte is {@link #COMPLETE} or {@link #ABORT}. */
  public static final int DONE = 2;

  /** Gate to session: the handshake is over. The last byte is 1 when it resumed, else 0. */
  public static final int PROTECTED = 11;

  /** Gate to session: there is no transfer. The last byte is {@link #NOT_RESUMED} or its like. */
  public static final int REFUSED = 12;

  /** Gate to session: how an upload has ended. The last byte is {@link #CLEAN} or its like. */
  public static final int END = 13;

  /**
   * Gate to session, after a download that is complete: the client's kernel, or ours, has all of it
   * and the close_notify behind it. The last byte is 0, or 1 when the connection broke before.
   */
  public static final int WRITTEN = 14;

  /** Gate to session, while it has yet to say {@link #WRITTEN}: bytes go out. */
  public static final int MOVING = 15;

  // The last byte of PROTECT.
  public static final int UPLOAD = 0;
  public static final int DOWNLOAD = 1;

  // The last byte of DONE.
  public static final int COMPLETE = 0;
  public static final int ABORT = 1;

  // The last byte of REFUSED.
  /** It has to resume the control connection's session (TLS_REUSE=required), and did not. */
  public static final int NOT_RESUMED = 1;

  /** The handshake failed otherwise. */
  public static final int HANDSHAKE_FAILED = 2;

  /** The client closed the data connection before the handshake was over. */
  public static final int CLIENT_GONE = 3;

  /** It did not resume, and its certificate is not the one of the control connection. */
  public static final int OTHER_CLIENT = 4;

  // The last byte of END.
  /** The client has said that it was all (close_notify). */
  public static final int CLEAN = 0;

  /** The client closed the connection behind a whole record, without having said that. */
  public static final int CUT = 1;

  /** The connection broke, or what came was not TLS: there may have been more. */
  public static final int BROKEN = 2;

  // The bits of an assignment's tls.
  /** The control connection is over TLS. */
  public static final int SECURE = 1;

  /** The client has chosen PROT P. */
  public static final int PRIVATE = 2;

  /** Without PROT P there is no transfer (TLS_DATA=required). */
  public static final int DATA_REQUIRED = 4;

  /** An upload that ends without close_notify has failed (TLS_STRICT_EOF=on). */
  public static final int STRICT_EOF = 8;

  /** A data connection has to resume the control connection's session (TLS_REUSE=required). */
  public static final int RESUMES = 16;

  private TransferLine() {}
}
