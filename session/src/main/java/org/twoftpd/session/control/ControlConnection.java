/*
 * Trusted with one client's control connection: it reads commands, writes replies and keeps the time limits.  It uses
 * nothing but read, write and poll, so the descriptor may also be a UNIX socket behind which another process speaks TLS.
 */
package org.twoftpd.session.control;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;

/**
 * Reads commands and writes replies (RFC 959, section 4). Replies are held until the next wait for
 * the client, so that the replies to several commands that came together take one write.
 */
public class ControlConnection {
  /** Replies are written out when more than this many bytes are held. */
  private static final int FLUSH_THRESHOLD = 16384;

  /** {@link #discardInput} waits this long at most for a client that is still sending. */
  private static final long DISCARD_NANOS = 1_000_000_000L;

  private final int fd;
  private final Readiness readiness;
  private final TimeLimits limits;
  private final CommandReader reader = new CommandReader();
  private final Text out = new Text();
  private ReplyWatcher watcher = (code, text) -> {};
  private final KeptCommands kept = new KeptCommands();
  private boolean inputEnded;
  private boolean broken;

  /** Learns of every reply, so that it can be logged. */
  public interface ReplyWatcher {
    /**
     * Reports a reply of one line, or the last line of a longer reply.
     *
     * @param text the line without the code
     */
    void reportReply(int code, Text text);
  }

  /**
   * @param fd a non-blocking descriptor
   * @param idleSeconds how long the client may send no command, or read none of our replies
   */
  public ControlConnection(int fd, Readiness readiness, int idleSeconds) {
    this.fd = fd;
    this.readiness = readiness;
    this.limits = new TimeLimits(idleSeconds);
  }

  /** Reports every reply to {@code w} from now on. */
  public void watchReplies(ReplyWatcher w) {
    watcher = w;
  }

  /**
   * Sets a time from which on {@link #nextCommand} ends the connection, even when commands lie
   * ready. A reply after that time has two seconds to be written.
   *
   * @param time on the clock of System.nanoTime
   * @param reason what {@link #nextCommand} then gives as the reason
   */
  public void endAt(long time, EndReason reason) {
    limits.endAt(time, reason);
  }

  /** Takes over what another process has read from the client. */
  public void addUnread(byte[] unread) {
    reader.addUnread(unread);
  }

  /** Reads once what there is room for. As read(2): 0 at the end, a negative error number. */
  protected int read(CommandReader into) {
    return into.readFrom(fd);
  }

  /** Writes once what there is room for. As write(2), or a negative error number. */
  protected int write(byte[] bytes, int from, int length) {
    return Native.write(fd, bytes, from, length);
  }

  /** Returns the descriptor, so that it can be polled together with others. */
  public int fd() {
    return fd;
  }

  /**
   * Returns the next command, and writes out all replies before it waits for one.
   *
   * @throws ConnectionEnded when the client has gone, sends nothing for too long, or is out of time
   */
  public CommandLine nextCommand() throws ConnectionEnded {
    long deadline = limits.beginCommand(System.nanoTime());
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
        throw new ConnectionEnded(limits.reasonOfSilence());
      }
      readOnce();
    }
  }

  private CommandLine takeCommand() {
    return kept.isEmpty() ? takeReadCommand() : kept.removeFirst();
  }

  /**
   * Takes a command from what has been read, and skips empty lines: some clients end a line twice.
   */
  private CommandLine takeReadCommand() {
    CommandLine l = reader.nextLine();
    while (l != null && l.isEmpty() && l != CommandReader.TOO_LONG) {
      l = reader.nextLine();
    }
    byte[] telnet = reader.takeTelnetAnswer();
    out.addRaw(telnet, 0, telnet.length);
    return l;
  }

  /** Reads once what has come, without waiting; to be called while it {@link #wantsBytes}. */
  public void readOnce() {
    int n = read(reader);
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

  /** Returns whether more can be read: there is room, and the client may still send. */
  public boolean wantsBytes() {
    return !inputEnded && kept.hasRoom() && reader.hasRoom();
  }

  /**
   * Returns the next command that has been read whole and is not kept, without waiting; null when
   * there is none, or when no more commands can be kept.
   */
  public CommandLine nextReadCommand() {
    return kept.hasRoom() ? takeReadCommand() : null;
  }

  /**
   * Returns the commands that wait until a transfer is over. The caller adds those that {@link
   * #nextReadCommand} returned and that it cannot obey yet.
   */
  public KeptCommands keptCommands() {
    return kept;
  }

  /** Returns whether the client will send no more; it may still read replies. */
  public boolean hasInputEnded() {
    return inputEnded;
  }

  /** Returns whether the connection has failed, so that replies cannot be written either. */
  public boolean isBroken() {
    return broken;
  }

  /** Replies with one line, or with the last line of a longer reply. */
  public void reply(int code, String text) throws ConnectionEnded {
    reply(code, new Text(text));
  }

  /** Replies with one line, or with the last line of a longer reply. */
  public void reply(int code, Text text) throws ConnectionEnded {
    watcher.reportReply(code, text);
    writeLine(code, ' ', text);
  }

  /** Writes one line of a longer reply, but not its last line, which {@link #reply} writes. */
  public void replyLine(int code, Text text) throws ConnectionEnded {
    writeLine(code, '-', text);
  }

  private void writeLine(int code, char separator, Text text) throws ConnectionEnded {
    out.add(code).add(separator).add(text).endLine();
    if (out.length() > FLUSH_THRESHOLD) {
      flush();
    }
  }

  /**
   * Writes each line of a text, such as a banner, as one line of a longer reply.
   *
   * @param text lines that end with LF or with CR and LF
   */
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
   * Writes a line of a longer reply without a code, as RFC 959 allows inside a reply. It begins
   * with a space, so that no client takes its first three characters for a code.
   */
  public void replyUncodedLine(Text text) throws ConnectionEnded {
    out.add(' ').add(text).endLine();
    if (out.length() > FLUSH_THRESHOLD) {
      flush();
    }
  }

  /**
   * Writes out the replies that are held, and waits for a client that reads slowly.
   *
   * @throws ConnectionEnded when the client has gone, or has read nothing for too long
   */
  public void flush() throws ConnectionEnded {
    int from = 0;
    long deadline = limits.computeWriteDeadline(System.nanoTime());
    while (from < out.length()) {
      int n = write(out.array(), from, out.length() - from);
      if (n > 0) {
        from += n;
        readiness.noteProgress();
      } else if (n == -Errno.EAGAIN) {
        if (!readiness.await(fd, Readiness.WRITE, deadline)) {
          // The client does not read replies, so a goodbye would only wait a second time.
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

  /**
   * Reads and drops what the client still sends after the last reply. The kernel resets a
   * connection that is closed with unread bytes, and the client could then lose that reply. This
   * waits, for a second at most, only when the client is sending.
   */
  public void discardInput() {
    long deadline = System.nanoTime() + DISCARD_NANOS;
    boolean sending = false;
    while (!inputEnded && System.nanoTime() - deadline < 0) {
      reader.wipe();
      int n = read(reader);
      if (n > 0) {
        sending = true;
      } else if (n != -Errno.EAGAIN && n != -Errno.EINTR) {
        inputEnded = true;
      } else if (!sending || !readiness.await(fd, Readiness.READ, deadline)) {
        return;
      }
    }
  }

  /**
   * Returns what has been read and has not become a command, for the process that goes on with it.
   */
  public byte[] copyUnread() {
    return reader.copyUnread();
  }

  /** Overwrites all that the client sent with zeros, since it may hold a password. */
  public void wipeInput() {
    reader.wipe();
  }
}
