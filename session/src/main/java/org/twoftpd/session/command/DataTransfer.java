package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.data.DataConnectionFailed;
import org.twoftpd.session.data.Transfer;
import org.twoftpd.session.data.TransferResult;
import org.twoftpd.session.data.TransferResult.End;
import org.twoftpd.session.data.TransferWait;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Carries out one transfer: the data connection, the replies around it, and the commands that come
 * during it. Uploads, downloads and listings have all this in common.
 */
final class DataTransfer implements TransferWait.Listener {
  private static final byte[] NO_FAILURE = {};
  private static final byte[] IN_CLEAR =
      new Text("the data connection would be in clear").toBytes();
  private static final byte[] SESSION_ENDED = new Text("the session has ended").toBytes();

  private final Conversation c;
  private final String transferName;
  private Transfer transfer;

  /** The data connection, and what the bytes are moved through: the same, or what its TLS holds. */
  private int data = -1;

  private int inside = -1;
  private long millis;
  private byte[] failure = SESSION_ENDED;
  private boolean cut;

  /** Does the part in which transfers differ. */
  interface Work {
    /** Moves the bytes. */
    TransferResult moveBytes(Transfer transfer) throws ConnectionEnded;
  }

  /** Completes an upload before the reply acknowledges it. */
  interface Finish {
    /**
     * Called once, whatever the result, unless there was no data connection.
     *
     * @return the end of the 226 reply, or null
     */
    Text complete(TransferResult result) throws SystemCallException;
  }

  /**
   * @param transferName the name of the transfer for STAT: "Download", say
   */
  DataTransfer(Conversation c, String transferName) {
    this.c = c;
    this.transferName = transferName;
  }

  /** Returns how many milliseconds it took to move the bytes. */
  long millis() {
    return millis;
  }

  /** Returns how many bytes of the file were moved, however the transfer ended. */
  long bytes() {
    return transfer == null ? 0 : transfer.bytes();
  }

  /** Returns true when an upload over TLS ended and the client had not said that it was all. */
  boolean wasCut() {
    return cut;
  }

  /** Returns for the log why the transfer failed; empty when it did not. */
  byte[] failure() {
    return failure;
  }

  /**
   * Makes the data connection, moves the bytes and answers.
   *
   * @param announcement the text of the 150 reply
   * @param finish completes an upload; null for a download or a listing
   */
  void transferData(Text announcement, Work work, Finish finish) throws ConnectionEnded {
    boolean storing = finish != null;
    if (c.protection.isMissing(c)) {
      failure = IN_CLEAR;
      return;
    }
    TransferWait wait = new TransferWait(c.control, this, c.monitor, storing, c.sessionDeadline);
    try {
      try {
        open(wait, announcement, storing);
      } catch (DataConnectionFailed e) {
        failure = new Text(e.getMessage()).toBytes();
        c.control.reply(e.code(), e.getMessage());
        return;
      }
      transfer = new Transfer(inside, wait, c.options.get(SessionOption.TIMEOUT));
      TransferResult result = moveAndMeasure(work);
      if (result.end() == End.DONE && inside != data && !endsWell(wait, storing)) {
        result = new TransferResult(End.CONNECTION_FAILED, result.bytes(), 0);
      }
      if (result.end() == End.DONE && !storing) {
        // The client sees the end of the data when the connection closes, and must see it before
        // the 226 reply.
        close();
      }
      Text replyEnd = null;
      int errno = 0;
      try {
        replyEnd = finish == null ? null : finish.complete(result);
      } catch (SystemCallException e) {
        errno = e.errno();
      }
      if (result.end() == End.DONE) {
        close();
      } else {
        breakOff();
      }
      replyResult(
          errno != 0 && result.end() == End.DONE
              ? new TransferResult(End.FILE_FAILED, result.bytes(), errno)
              : result,
          replyEnd);
    } finally {
      breakOff();
    }
  }

  /** Connects, says so, and has the gate put TLS over it where the client wants that. */
  private void open(TransferWait wait, Text announcement, boolean storing)
      throws DataConnectionFailed, ConnectionEnded {
    data = c.data.openConnection(wait);
    // Some clients begin TLS only when they have seen this.
    c.control.reply(150, announcement);
    wait.flush();
    inside =
        c.protection.isPrivate()
            ? c.protection.begin(data, storing, wait, c.options.connectSeconds())
            : data;
  }

  /** Whether what has been moved through TLS was all of it, for both sides. */
  private boolean endsWell(TransferWait wait, boolean storing) throws ConnectionEnded {
    int seconds = c.options.get(SessionOption.TIMEOUT);
    if (storing) {
      boolean well = c.protection.endsWell(wait, seconds);
      cut = c.protection.wasCut();
      return well;
    }
    int plain = inside;
    inside = -1;
    return c.protection.complete(data, plain, wait, seconds);
  }

  /**
   * Moves the bytes, and measures how long that takes. The log tells the time even when the session
   * ends meanwhile.
   */
  private TransferResult moveAndMeasure(Work work) throws ConnectionEnded {
    long start = System.nanoTime();
    try {
      return work.moveBytes(transfer);
    } finally {
      millis = (System.nanoTime() - start) / 1_000_000;
    }
  }

  private void close() {
    if (inside >= 0 && inside != data) {
      Native.close(inside);
    }
    if (data >= 0) {
      Native.close(data);
    }
    inside = -1;
    data = -1;
  }

  /**
   * Closes the connection, unless that is done, with a reset, so that the client sees that the file
   * is incomplete. A plain close would send what is still in the socket, and then end as if that
   * were all.
   */
  private void breakOff() {
    if (data >= 0) {
      Native.setLinger(data, 0);
      if (inside != data) {
        c.protection.abort();
      }
    }
    close();
  }

  private void replyResult(TransferResult r, Text replyEnd) throws ConnectionEnded {
    if (r.end() == End.DONE) {
      failure = NO_FAILURE;
      c.control.reply(226, describeSuccess(r.bytes(), replyEnd));
      return;
    }
    Text why = describeFailure(r);
    failure = why.toBytes();
    int code = r.end() == End.FILE_FAILED ? Conversation.codeForWriteError(r.errno()) : 426;
    c.control.reply(
        code,
        new Text("Transfer failed after ")
            .add(r.bytes())
            .add(" bytes: ")
            .addRaw(failure, 0, failure.length)
            .add("."));
  }

  private Text describeSuccess(long bytes, Text replyEnd) {
    Text done = new Text("Transfer complete, ").add(bytes).add(" bytes");
    if (millis > 0) {
      done.add(", ").add(bytes / millis * 1000 / 1024).add(" KiB/s");
    }
    done.add(".");
    if (replyEnd != null) {
      done.add(" ").add(replyEnd);
    }
    return done;
  }

  private Text describeFailure(TransferResult r) {
    return switch (r.end()) {
      case DONE -> new Text();
      case INTERRUPTED -> new Text("interrupted");
      case TIMED_OUT -> new Text("stalled");
      case CONNECTION_FAILED ->
          new Text(
              cut
                  ? "the client did not say that this was all of it (TLS_STRICT_EOF)"
                  : "data connection broken");
      case FILE_FAILED -> {
        long most = c.options.get(SessionOption.MAX_FILE_SIZE);
        yield r.errno() == Errno.EFBIG && most > 0
            ? Storage.describeTooLarge(most)
            : new Text(Errno.message(r.errno()));
      }
    };
  }

  /**
   * Answers STAT at once, since it asks how far a transfer has come (RFC 959, 4.1.3). The RFC has
   * STAT with a path come between transfers, so that one waits until this transfer is over.
   */
  @Override
  public boolean answerAtOnce(CommandLine line) throws ConnectionEnded {
    if (!line.verb().equals("STAT") || line.parameter() != null) {
      return false;
    }
    c.logRequest(line);
    Information.showStatus(c, transferName, bytes());
    return true;
  }
}
