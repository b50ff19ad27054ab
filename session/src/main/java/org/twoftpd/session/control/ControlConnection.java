/*
 * Trusted with one client's control connection: its bytes in, its replies out, its time.  It asks nothing of the
 * descriptor but read, write and poll, so that it may as well be a UNIX socket with TLS behind it.
 */
package org.twoftpd.session.control;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;

/**
 * Commands in, replies out. Replies are held until the next wait, so that an answer to many
 * commands is one write.
 */
public final class ControlConnection {
  private static final int FLUSH_THRESHOLD = 16384;

  /** For a last word, after the time for everything else. */
  private static final long LAST_WRITE_NANOS = 2_000_000_000L;

  private static final long DISCARD_NANOS = 1_000_000_000L;

  private final int fd;
  private final Readiness readiness;
  private final long idleNanos;
  private final CommandReader reader = new CommandReader();
  private final Text out = new Text();
  private ReplyWatcher watcher = (code, text) -> {};
  private final KeptCommands kept = new KeptCommands();
  private boolean inputEnded;
  private boolean broken;
  private boolean hasEndTime;
  private long endTime;
  private EndReason endReason;

  /** Sees every reply, for the log. */
  public interface ReplyWatcher {
    /** A reply of one line, or the last line of a longer one. */
    void reportReply(int code, Text text);
  }

  /**
   * @param fd non-blocking
   * @param idleSeconds how long a client may say nothing, or leave our replies unread
   */
  public ControlConnection(int fd, Readiness readiness, int idleSeconds) {
    this.fd = fd;
    this.readiness = readiness;
    this.idleNanos = idleSeconds * 1_000_000_000L;
  }

  /** Has every reply told to {@code w} as well. */
  public void watchReplies(ReplyWatcher w) {
    watcher = w;
  }

  /**
   * From that time on there is no next command, however many lie ready, and replies that the client
   * does not read are waited for a moment only.
   *
   * @param time on System.nanoTime's clock
   * @param reason why there is none
   */
  public void endAt(long time, EndReason reason) {
    hasEndTime = true;
    endTime = time;
    endReason = reason;
  }

  /** Puts in what somebody else has read from the client. */
  public void addUnread(byte[] unread) {
    reader.addUnread(unread);
  }

  /** The descriptor, to poll together with others. */
  public int fd() {
    return fd;
  }

  /** The next command. */
  public CommandLine nextCommand() throws ConnectionEnded {
    long now = System.nanoTime();
    if (hasEndTime && now - endTime >= 0) {
      throw new ConnectionEnded(endReason);
    }
    boolean endFirst = hasEndTime && endTime - now < idleNanos;
    long deadline = endFirst ? endTime : now + idleNanos;
    while (true) {
      CommandLine l = takeCommand();
      if (l != null) {
        return l;
      }
      if (inputEnded) {
        throw new ConnectionEnded(EndReason.CLOSED);
      }
      flush();
      if (!readiness.await(fd, Readiness.READ, deadline)) {
        throw new ConnectionEnded(endFirst ? endReason : EndReason.IDLE);
      }
      readOnce();
    }
  }

  private CommandLine takeCommand() {
    return kept.isEmpty() ? takeReadCommand() : kept.removeFirst();
  }

  /** Lines with nothing in them are no commands: some clients end a line twice. */
  private CommandLine takeReadCommand() {
    CommandLine l = reader.nextLine();
    while (l != null && l.isEmpty() && l != CommandReader.TOO_LONG) {
      l = reader.nextLine();
    }
    byte[] telnet = reader.takeTelnetAnswer();
    out.addRaw(telnet, 0, telnet.length);
    return l;
  }

  /** Reads once what has come, without waiting; to be called when it {@link #wantsBytes}. */
  public void readOnce() {
    int n = reader.readFrom(fd);
    if (n == 0) {
      inputEnded = true;
    } else if (n < 0 && n != -Errno.EAGAIN && n != -Errno.EINTR) {
      markBroken();
    }
  }

  private void markBroken() {
    inputEnded = true;
    broken = true;
  }

  /** True when reading on makes sense: there is room, and the client has not ended. */
  public boolean wantsBytes() {
    return !inputEnded && kept.hasRoom() && reader.hasRoom();
  }

  /** The next whole command that has been read and is not kept; null, without a wait, for none. */
  public CommandLine nextReadCommand() {
    return kept.hasRoom() ? takeReadCommand() : null;
  }

  /** The commands that wait for their turn, of those that {@link #nextReadCommand} gave. */
  public KeptCommands keptCommands() {
    return kept;
  }

  /** True when the client sends no more; it may still read. */
  public boolean hasInputEnded() {
    return inputEnded;
  }

  /** True when the connection has failed: nobody is there to read a reply either. */
  public boolean isBroken() {
    return broken;
  }

  /** A reply of one line. */
  public void reply(int code, String text) throws ConnectionEnded {
    reply(code, new Text(text));
  }

  /** A reply of one line, or the last line of a longer one. */
  public void reply(int code, Text text) throws ConnectionEnded {
    watcher.reportReply(code, text);
    writeLine(code, ' ', text);
  }

  /** One line of a longer reply, not the last. */
  public void replyLine(int code, Text text) throws ConnectionEnded {
    writeLine(code, '-', text);
  }

  private void writeLine(int code, char separator, Text text) throws ConnectionEnded {
    out.add(code).add(separator).add(text).endLine();
    if (out.length() > FLUSH_THRESHOLD) {
      flush();
    }
  }

  /** Lines that somebody wrote, separated by LF, each as one line of a longer reply. */
  public void replyLines(int code, byte[] text) throws ConnectionEnded {
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length && i == from) {
        return;
      }
      if (i == text.length || text[i] == '\n') {
        int to = i > from && text[i - 1] == '\r' ? i - 1 : i;
        replyLine(code, new Text().addName(text, from, to));
        from = i + 1;
      }
    }
  }

  /**
   * A line inside a reply that RFC 959 lets stand without a code, behind a space so that it cannot
   * look like one.
   */
  public void replyUncodedLine(Text text) throws ConnectionEnded {
    out.add(' ').add(text).endLine();
    if (out.length() > FLUSH_THRESHOLD) {
      flush();
    }
  }

  /** Writes out what is held, waiting for a slow client as long as it may stall. */
  public void flush() throws ConnectionEnded {
    int from = 0;
    long deadline = computeWriteDeadline(System.nanoTime());
    while (from < out.length()) {
      int n = Native.write(fd, out.array(), from, out.length() - from);
      if (n > 0) {
        from += n;
        readiness.noteProgress();
      } else if (n == -Errno.EAGAIN) {
        if (!readiness.await(fd, Readiness.WRITE, deadline)) {
          // A client that does not read its replies is told no goodbye either.
          out.clear();
          throw new ConnectionEnded(EndReason.STALLED);
        }
      } else if (n != -Errno.EINTR) {
        markBroken();
        out.clear();
        throw new ConnectionEnded(EndReason.CLOSED);
      }
    }
    out.clear();
  }

  private long computeWriteDeadline(long now) {
    long left = hasEndTime ? Math.max(endTime - now, LAST_WRITE_NANOS) : idleNanos;
    return now + Math.min(left, idleNanos);
  }

  /**
   * Takes, after the last reply, what the client still sends: bytes that nobody has read make the
   * end of a connection a reset, in which the client may lose that reply. Only for a client that is
   * sending there is a wait, and it is short.
   */
  public void discardInput() {
    long deadline = System.nanoTime() + DISCARD_NANOS;
    boolean sending = false;
    while (!inputEnded && System.nanoTime() - deadline < 0) {
      reader.wipe();
      int n = reader.readFrom(fd);
      if (n > 0) {
        sending = true;
      } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
        inputEnded = true;
      } else if (!sending || !readiness.await(fd, Readiness.READ, deadline)) {
        return;
      }
    }
  }

  /** What has been read and not been given out, for somebody else to go on with. */
  public byte[] copyUnread() {
    return reader.copyUnread();
  }

  /** Overwrites what is held of the client's bytes. */
  public void wipeInput() {
    reader.wipe();
  }
}
