/*
 * Trusted to tell the end of a protected transfer from its breaking off: what the gate says of TLS is all that the session
 * knows of it.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.session.data.DataConnectionFailed;
import org.twoftpd.session.data.TransferWait;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.TransferLine;

/**
 * AUTH, PBSZ, PROT and CCC (RFC 4217), and data connections over TLS. The gate speaks TLS: it is
 * given the data connection and one end of a pair, at whose other end the session finds, or puts,
 * what is inside.
 */
final class Protection extends ProtectionCommands {
  private static final long SECOND = 1_000_000_000L;

  /**
   * For how long after a login data connections may resume the control connection's session. A
   * ticket is good for seven days (RFC 8446, 4.6.1), and the login may have taken one of them
   * (AUTH_TIMEOUT).
   */
  private static final long RESUMABLE_MILLIS = 6 * 86_400_000L;

  // What the gate cannot say.
  private static final int NOTHING = 0;
  private static final int INTERRUPTED = -1;

  private final int tls;
  private final int line;
  private final byte[] frame = new byte[TransferLine.FRAME];
  private final long begun = System.currentTimeMillis();
  private byte number;
  private boolean isPrivate;
  private boolean cut;

  /**
   * @param tls the bits of {@link TransferLine} from the assignment; 0 without TLS
   * @param line to the gate, non-blocking; -1 without TLS
   */
  Protection(int tls, int line) {
    super("This connection is in clear.");
    this.tls = tls;
    this.line = line;
    this.isPrivate = has(TransferLine.PRIVATE);
  }

  private boolean has(int bit) {
    return (tls & bit) != 0;
  }

  @Override
  protected boolean isSecure() {
    return has(TransferLine.SECURE);
  }

  @Override
  protected boolean isDataRequired() {
    return has(TransferLine.DATA_REQUIRED);
  }

  @Override
  protected void setPrivate(boolean privately) {
    isPrivate = privately;
  }

  /** True when data connections are over TLS as the client has chosen now. */
  boolean isPrivate() {
    return isPrivate;
  }

  /** True when there may be no transfer now, which the client has been told then. */
  boolean isMissing(Conversation c) throws ConnectionEnded {
    boolean missing = isDataRequired() && !isPrivate;
    if (missing) {
      c.data.reset();
      c.control.reply(
          522, "Data connections have to be over TLS here: send PROT P first (TLS_DATA).");
    }
    return missing;
  }

  /**
   * To be called before the client is let choose a data connection. When none could resume the
   * session any more, the client is told to connect again: it would lose a transfer otherwise. The
   * clock is the one by which the gate and the client judge the ticket.
   */
  void checkAge(Conversation c) throws ConnectionEnded {
    if (isPrivate
        && has(TransferLine.RESUMES)
        && System.currentTimeMillis() - begun > RESUMABLE_MILLIS) {
      c.control.reply(
          421, "The TLS session of this connection is too old to be resumed: connect again.");
      throw new ConnectionEnded(EndReason.TLS_EXPIRED);
    }
  }

  // ---- the commands ----

  static void refuseSecondTls(Conversation c, byte[] mechanism) throws ConnectionEnded {
    if (c.protection.isSecure()) {
      refuseAgain(c.control);
    } else {
      c.control.reply(503, "TLS begins before a login.");
    }
  }

  // ---- transfers ----

  /**
   * Has the gate put TLS over a data connection.
   *
   * @param storing whether the client sends
   * @param seconds for the handshake
   * @return a descriptor for what is inside, non-blocking, the caller's to close
   * @throws DataConnectionFailed when there is no TLS on it
   */
  int begin(int data, boolean storing, TransferWait wait, int seconds)
      throws DataConnectionFailed, ConnectionEnded {
    int[] ends = new int[2];
    check(Native.dataPair(ends));
    boolean begun = false;
    try {
      if (!storing) {
        // Until all of it has been said to be there, whatever ends it must look like no end of it.
        Native.setLinger(data, 0);
      }
      number++;
      byte[] f = frame(TransferLine.PROTECT, storing ? TransferLine.UPLOAD : TransferLine.DOWNLOAD);
      check(Native.sendDescriptors(line, f, data, ends[1]));
      Native.close(ends[1]);
      ends[1] = -1;
      switch (hear(wait, System.nanoTime() + seconds * SECOND)) {
        case TransferLine.PROTECTED -> begun = true;
        case TransferLine.REFUSED -> throw new DataConnectionFailed(522, refusal(frame[2]));
        case INTERRUPTED -> {
          abort();
          // There was a 150 reply, so the client waits for the end of a transfer.
          throw new DataConnectionFailed(426, "Transfer given up.");
        }
        default -> {
          abort();
          throw new DataConnectionFailed(522, "No TLS on the data connection within the time.");
        }
      }
      return ends[0];
    } finally {
      if (!begun) {
        Native.close(ends[0]);
        if (ends[1] >= 0) {
          Native.close(ends[1]);
        }
      }
    }
  }

  private static void check(int result) throws DataConnectionFailed {
    if (result < 0) {
      throw new DataConnectionFailed(
          "No TLS on the data connection: " + Errno.message(-result) + ".");
    }
  }

  private static String refusal(int why) {
    return switch (why) {
      case TransferLine.NOT_RESUMED ->
          "The data connection did not resume the TLS session of this connection (TLS_REUSE).";
      case TransferLine.CLIENT_GONE -> "The data connection was closed before TLS began on it.";
      case TransferLine.OTHER_CLIENT ->
          "The certificate of the data connection is not the one of this connection.";
      default -> "The TLS handshake of the data connection failed.";
    };
  }

  /** After the last byte of an upload: whether it counts as the last. */
  boolean endsWell(TransferWait wait, int seconds) throws ConnectionEnded {
    boolean said = hear(wait, System.nanoTime() + seconds * SECOND) == TransferLine.END;
    cut = said && frame[2] == TransferLine.CUT;
    return said && (frame[2] == TransferLine.CLEAN || cut && !has(TransferLine.STRICT_EOF));
  }

  /** True when the upload of the last {@link #endsWell} ended and the client had not said so. */
  boolean wasCut() {
    return cut;
  }

  /**
   * After the last byte of a download: has the client told that it was the last, and waits until
   * that is written.
   *
   * @param plain is closed by this
   */
  boolean complete(int data, int plain, TransferWait wait, int seconds) throws ConnectionEnded {
    Native.setLinger(data, -1);
    say(TransferLine.DONE, TransferLine.COMPLETE);
    Native.close(plain);
    int heard;
    do {
      heard = hear(wait, System.nanoTime() + seconds * SECOND);
    } while (heard == TransferLine.MOVING);
    return heard == TransferLine.WRITTEN && frame[2] == 0;
  }

  /** Has the gate give up the transfer. */
  void abort() {
    say(TransferLine.DONE, TransferLine.ABORT);
  }

  private byte[] frame(int what, int argument) {
    return new byte[] {(byte) what, number, (byte) argument};
  }

  private void say(int what, int argument) {
    byte[] f = frame(what, argument);
    // A gate that is gone needs no telling.
    int _ = Native.write(line, f, 0, f.length);
  }

  /** What the gate says of this transfer, or {@link #NOTHING}, or {@link #INTERRUPTED}. */
  private int hear(TransferWait wait, long deadline) throws ConnectionEnded {
    while (true) {
      int n = Native.read(line, frame, 0, frame.length);
      if (n == frame.length && frame[1] == number) {
        return frame[0];
      }
      if (n == -Errno.EAGAIN) {
        TransferWait.Outcome o = wait.await(line, Readiness.READ, deadline);
        if (o != TransferWait.Outcome.READY) {
          return o == TransferWait.Outcome.INTERRUPTED ? INTERRUPTED : NOTHING;
        }
      } else if (n <= 0 && n != -Errno.EINTR) {
        return NOTHING;
      }
    }
  }
}
