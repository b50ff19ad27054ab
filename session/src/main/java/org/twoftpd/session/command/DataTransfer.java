/*
 * Trusted with the course of one transfer: the data connection, the replies around it, the commands that come during it.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Text;
import org.twoftpd.session.data.DataConnectionFailed;
import org.twoftpd.session.data.Transfer;
import org.twoftpd.session.data.TransferResult;
import org.twoftpd.session.data.TransferResult.End;
import org.twoftpd.session.data.TransferWait;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Everything that transfers have in common. */
final class DataTransfer implements TransferWait.Listener {
  private final Conversation c;
  private final String what;
  private Transfer transfer;
  private long millis;

  /** The part in which transfers differ. */
  interface Work {
    /** Moves the bytes. */
    TransferResult run(Transfer transfer) throws ConnectionEnded;
  }

  /** What is to be done when the bytes have gone over, before that is acknowledged. */
  interface Finish {
    /**
     * Called once, whatever the result, unless there was no data connection.
     *
     * @return what goes into the reply, or null
     */
    Text run(TransferResult result) throws SystemCallException;
  }

  /**
   * @param what for STAT: "Download", say
   */
  DataTransfer(Conversation c, String what) {
    this.c = c;
    this.what = what;
  }

  /** How long the bytes took, in milliseconds. */
  long millis() {
    return millis;
  }

  /**
   * Connects, moves the bytes and answers.
   *
   * @param announcement of the 150 reply
   * @return the result; null when there was no data connection
   */
  TransferResult run(Text announcement, Work work, Finish finish) throws ConnectionEnded {
    TransferWait wait = new TransferWait(c.control, this, c.sessionDeadline);
    int fd = -1;
    try {
      try {
        fd = c.data.open(wait);
      } catch (DataConnectionFailed e) {
        c.control.reply(425, e.getMessage());
        return null;
      }
      c.control.reply(150, announcement);
      transfer = new Transfer(fd, wait, c.options.timeoutSeconds());
      long start = System.nanoTime();
      TransferResult result = work.run(transfer);
      millis = (System.nanoTime() - start) / 1_000_000;
      if (result.end() == End.DONE && finish == null) {
        // The end of the data is the end of the connection: tell it before the reply does.
        Native.close(fd);
        fd = -1;
      }
      Text more = null;
      int failure = 0;
      try {
        more = finish == null ? null : finish.run(result);
      } catch (SystemCallException e) {
        failure = e.errno();
      }
      if (fd >= 0) {
        if (result.end() != End.DONE) {
          // A plain close would go on sending what is in the socket, as if that were the whole.
          Native.setLinger(fd, 0);
        }
        Native.close(fd);
        fd = -1;
      }
      reply(
          failure != 0 && result.end() == End.DONE
              ? new TransferResult(End.HERE, result.bytes(), failure)
              : result,
          more);
      return result;
    } finally {
      if (fd >= 0) {
        Native.close(fd);
      }
    }
  }

  private void reply(TransferResult r, Text more) throws ConnectionEnded {
    Text bytes = new Text().add(r.bytes()).add(" bytes");
    switch (r.end()) {
      case DONE -> {
        Text done = new Text("Transfer complete, ").addRaw(bytes.toBytes(), 0, bytes.length());
        if (millis > 0) {
          done.add(", ").add(r.bytes() / millis * 1000 / 1024).add(" KiB/s");
        }
        done.add(".");
        if (more != null) {
          done.add(" ").addRaw(more.toBytes(), 0, more.length());
        }
        c.control.reply(226, done);
      }
      case INTERRUPTED ->
          c.control.reply(
              426,
              new Text("Transfer interrupted after ")
                  .addRaw(bytes.toBytes(), 0, bytes.length())
                  .add("."));
      case TIMED_OUT ->
          c.control.reply(
              426,
              new Text("Transfer stalled after ")
                  .addRaw(bytes.toBytes(), 0, bytes.length())
                  .add("."));
      case BROKEN ->
          c.control.reply(
              426,
              new Text("Data connection broken after ")
                  .addRaw(bytes.toBytes(), 0, bytes.length())
                  .add("."));
      case HERE ->
          c.control.reply(
              Conversation.writeCode(r.errno()),
              new Text("Transfer failed after ")
                  .addRaw(bytes.toBytes(), 0, bytes.length())
                  .add(": ")
                  .add(Errno.message(r.errno()))
                  .add("."));
    }
  }

  /**
   * NOOP waits for its turn. STAT is for asking how far it is (RFC 959, 4.1.3), and is answered at
   * once, but not out of its turn when other commands wait.
   */
  @Override
  public boolean heard(CommandLine line) throws ConnectionEnded {
    String verb = line.verb();
    boolean status = verb.equals("STAT") && line.parameter() == null;
    if (!status && !verb.equals("NOOP")) {
      return false;
    }
    if (status && !c.control.hasKept()) {
      Information.status(c, what, transfer == null ? 0 : transfer.bytes());
    } else {
      c.control.keep(line);
    }
    return true;
  }
}
