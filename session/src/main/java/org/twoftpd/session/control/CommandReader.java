/*
 * Trusted to turn what a stranger sends into command lines, in bounded memory.  It never splits one line into two
 * commands and never joins two lines into one.
 */
package org.twoftpd.session.control;

import java.util.Arrays;
import org.twoftpd.shared.os.Native;

/**
 * Reads the command lines of RFC 959. A line ends at LF, and every CR right before the LF is
 * dropped. NUL inside a line stands for an LF in a name. A line of more than {@value #LINE_MAX}
 * bytes is read to its end and becomes {@link #TOO_LONG}.
 *
 * <p>Telnet commands (RFC 854) are removed only in front of a line, where clients send them. Behind
 * the first byte of a line, 0xFF may be a letter of a name, as in windows-1251, so it stays; two of
 * them in a row are one, as RFC 959 doubles it.
 */
public final class CommandReader {
  /** The longest line, in bytes, without the LF and the CR before it. */
  public static final int LINE_MAX = 4096;

  /** The size of the buffer for what has been read and is not decoded yet, in bytes. */
  public static final int BUFFER_SIZE = 16384;

  /** {@link #nextLine} returns this object, compared by identity, for a line that was too long. */
  public static final CommandLine TOO_LONG = new CommandLine(new byte[0]);

  private static final byte[] NO_BYTES = {};
  private static final int IAC = 0xff;
  private static final int DONT = 0xfe;
  private static final int DO = 0xfd;
  private static final int WONT = 0xfc;
  private static final int WILL = 0xfb;

  /** Bytes from this value on are not ASCII. */
  private static final int FIRST_NON_ASCII = 0x80;

  /**
   * At most so many bytes of answers to Telnet offers are held, so that a client that makes offers
   * without end does not use up memory.
   */
  private static final int ANSWER_BYTES_MAX = 300;

  private byte[] buffer = new byte[BUFFER_SIZE];
  // buffer[lineStart..decodedEnd) is the beginning of a line, which has been decoded into the array
  // "line"; buffer[decodedEnd..bufferEnd) has not been decoded yet.
  private int lineStart;
  private int decodedEnd;
  private int bufferEnd;
  private final byte[] line = new byte[LINE_MAX];
  private int lineLength;
  private boolean tooLong;
  private int pendingTelnet;
  private byte[] telnetAnswer = NO_BYTES;

  /**
   * Reads once from a descriptor into the buffer.
   *
   * @return as read(2) does: how many bytes were read, 0 at the end, or a negative error number
   */
  public int readFrom(int fd) {
    compactBuffer();
    int n = Native.read(fd, buffer, bufferEnd, buffer.length - bufferEnd);
    if (n > 0) {
      bufferEnd += n;
    }
    return n;
  }

  /** Returns how many bytes {@link #addUnread} takes without more memory. */
  public int room() {
    compactBuffer();
    return buffer.length - bufferEnd;
  }

  /**
   * Adds bytes to the buffer as if they had just been read, for those that the gate has read or
   * decrypted.
   */
  public void addUnread(byte[] bytes) {
    compactBuffer();
    if (buffer.length - bufferEnd < bytes.length) {
      buffer = Arrays.copyOf(buffer, bufferEnd + bytes.length);
    }
    System.arraycopy(bytes, 0, buffer, bufferEnd, bytes.length);
    bufferEnd += bytes.length;
  }

  private void compactBuffer() {
    if (bufferEnd == buffer.length && lineStart == 0 && decodedEnd == bufferEnd) {
      // The line does not fit into the buffer. Its beginning has been decoded or dropped, so it can
      // go.
      lineStart = decodedEnd;
    }
    if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, bufferEnd - lineStart);
      // The bytes that are now behind the end may hold a password.
      Arrays.fill(buffer, bufferEnd - lineStart, bufferEnd, (byte) 0);
      decodedEnd -= lineStart;
      bufferEnd -= lineStart;
      lineStart = 0;
    }
  }

  /** Returns whether the buffer has room, so that a client cannot fill memory by sending ahead. */
  public boolean hasRoom() {
    return bufferEnd < buffer.length || lineStart > 0 || decodedEnd == bufferEnd;
  }

  /** Returns the next line, {@link #TOO_LONG}, or null when the end of a line has not come yet. */
  public CommandLine nextLine() {
    while (decodedEnd < bufferEnd) {
      takePlainBytes();
      if (decodedEnd == bufferEnd) {
        break;
      }
      int c = buffer[decodedEnd++] & 0xff;
      boolean taken = lineLength == 0 && !tooLong ? takeTelnet(c) : takeDoubledByte(c);
      if (!taken) {
        if (c == '\n') {
          return finishLine();
        }
        appendByte(c == 0 ? '\n' : c);
      }
    }
    return null;
  }

  /**
   * Copies to the line, in one piece, the bytes that mean themselves everywhere. They are nearly
   * all of most lines, so this saves a step of the loop for each of them.
   */
  private void takePlainBytes() {
    if (pendingTelnet != 0) {
      return;
    }
    int most = Math.min(bufferEnd, decodedEnd + LINE_MAX - lineLength);
    int to = decodedEnd;
    while (to < most && buffer[to] > 0 && buffer[to] != '\n') {
      to++;
    }
    System.arraycopy(buffer, decodedEnd, line, lineLength, to - decodedEnd);
    lineLength += to - decodedEnd;
    decodedEnd = to;
  }

  private CommandLine finishLine() {
    lineStart = decodedEnd;
    boolean bad = tooLong;
    int n = lineLength;
    lineLength = 0;
    tooLong = false;
    if (bad) {
      return TOO_LONG;
    }
    while (n > 0 && line[n - 1] == '\r') {
      n--;
    }
    CommandLine l = new CommandLine(Arrays.copyOf(line, n));
    Arrays.fill(line, 0, n, (byte) 0);
    return l;
  }

  private void appendByte(int c) {
    if (lineLength < LINE_MAX) {
      line[lineLength++] = (byte) c;
    } else if (c != '\r') {
      tooLong = true;
    }
  }

  /**
   * Drops a byte in front of a line when it belongs to a Telnet command, or to what is left of one
   * after the kernel took a part of it as urgent data. It drops every byte from 0x80 on, since no
   * verb begins with one.
   *
   * @return false when the line begins with this byte
   */
  private boolean takeTelnet(int c) {
    int before = pendingTelnet;
    pendingTelnet = 0;
    if (before != 0 && before != IAC) {
      declineOption(before, c);
      return true;
    }
    if (c == IAC ? before == 0 : before == IAC && c >= WILL) {
      pendingTelnet = c;
    }
    return c >= FIRST_NON_ASCII;
  }

  private void declineOption(int offer, int option) {
    if ((offer == WILL || offer == DO) && telnetAnswer.length < ANSWER_BYTES_MAX) {
      int at = telnetAnswer.length;
      telnetAnswer = Arrays.copyOf(telnetAnswer, at + 3);
      telnetAnswer[at] = (byte) IAC;
      telnetAnswer[at + 1] = (byte) (offer == WILL ? DONT : WONT);
      telnetAnswer[at + 2] = (byte) option;
    }
  }

  /**
   * Adds a 0xFF inside a line once, whether the client sent one or two. The byte behind it tells
   * which, so the first 0xFF waits for that byte.
   *
   * @return false when the byte is not part of a 0xFF, so that the caller has to take it
   */
  private boolean takeDoubledByte(int c) {
    boolean second = pendingTelnet == IAC;
    pendingTelnet = 0;
    if (second) {
      appendByte(IAC);
      return c == IAC;
    }
    if (c == IAC) {
      pendingTelnet = IAC;
    }
    return c == IAC;
  }

  /** Returns the answers to the Telnet offers that came since the last call, to be sent back. */
  public byte[] takeTelnetAnswer() {
    byte[] a = telnetAnswer;
    telnetAnswer = NO_BYTES;
    return a;
  }

  /**
   * Returns what has been read and has not become a line, so that another process can go on with
   * it. Call this only right after {@link #nextLine} returned a line: later, the beginning of a
   * long line may have left the buffer.
   */
  public byte[] copyUnread() {
    return Arrays.copyOfRange(buffer, lineStart, bufferEnd);
  }

  /** Overwrites all that the client sent with zeros, since it may hold a password. */
  public void wipe() {
    Arrays.fill(buffer, (byte) 0);
    Arrays.fill(line, (byte) 0);
    lineStart = 0;
    decodedEnd = 0;
    bufferEnd = 0;
    lineLength = 0;
  }
}
