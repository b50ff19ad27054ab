/*
 * Trusted to turn what a stranger sends into command lines: bounded, never two lines out of one, never one out of two.
 */
package org.twoftpd.session.control;

import java.util.Arrays;
import org.twoftpd.shared.os.Native;

/**
 * The command line of RFC 959. A line ends at LF; CR before it are dropped; NUL inside it stands
 * for LF in a name. Lines of more than {@value #LINE_MAX} bytes are read to their end and come out
 * as {@link #TOO_LONG}.
 *
 * <p>Clients speak Telnet (RFC 854) in front of a command, if at all, so it is taken out there and
 * nowhere else: behind the first byte of a line 0xFF may as well be a letter of a name, as it is in
 * windows-1251, and only a pair of them, as RFC 959 has it, is one.
 */
public final class CommandReader {
  /** The most bytes of a line, without its end. */
  public static final int LINE_MAX = 4096;

  /** The most bytes that are held unread. */
  public static final int BUFFER_SIZE = 16384;

  /** Stands for a line that was too long. */
  public static final CommandLine TOO_LONG = new CommandLine(new byte[0]);

  private static final byte[] NO_BYTES = {};
  private static final int IAC = 0xff;
  private static final int DONT = 0xfe;
  private static final int DO = 0xfd;
  private static final int WONT = 0xfc;
  private static final int WILL = 0xfb;

  /** The first byte that is not ASCII. */
  private static final int FIRST_NON_ASCII = 0x80;

  /** Of declined offers, so that a client that offers without end gets memory for no more. */
  private static final int ANSWER_BYTES_MAX = 300;

  private byte[] buffer = new byte[BUFFER_SIZE];
  // raw[start..scanned) is the beginning of a line, decoded into line; raw[scanned..end) is still
  // to be looked at.
  private int lineStart;
  private int decodedEnd;
  private int bufferEnd;
  private final byte[] line = new byte[LINE_MAX];
  private int lineLength;
  private boolean tooLong;
  private int pendingTelnet;
  private byte[] telnetAnswer = NO_BYTES;

  /** Reads once from a descriptor. As read(2): 0 at the end, a negative error number. */
  public int readFrom(int fd) {
    compactBuffer();
    int n = Native.read(fd, buffer, bufferEnd, buffer.length - bufferEnd);
    if (n > 0) {
      bufferEnd += n;
    }
    return n;
  }

  /** Puts bytes in as though they had been read. */
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
      // A line that does not fit: forget its beginning, which has been decoded or dropped.
      lineStart = decodedEnd;
    }
    if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, bufferEnd - lineStart);
      // What was moved away may have been a password.
      Arrays.fill(buffer, bufferEnd - lineStart, bufferEnd, (byte) 0);
      decodedEnd -= lineStart;
      bufferEnd -= lineStart;
      lineStart = 0;
    }
  }

  /**
   * True when there is room to read more: a client that sends ahead without end is left to wait.
   */
  public boolean hasRoom() {
    return bufferEnd < buffer.length || lineStart > 0 || decodedEnd == bufferEnd;
  }

  /** The next line, {@link #TOO_LONG}, or null when its end has not come yet. */
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
   * Takes what stands for itself wherever it comes, in one piece: nearly all of nearly every line.
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
   * Takes a byte in front of a command that is not part of it: Telnet, or what is left of Telnet
   * when some of it has come as urgent data. No verb begins with a byte from 0x80 on. False when
   * the command begins here.
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
   * Takes a 0xFF inside a line, which belongs to it by itself as well as in a pair; the byte behind
   * it tells which. False for any other byte.
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

  /** What Telnet wants answered since the last call. */
  public byte[] takeTelnetAnswer() {
    byte[] a = telnetAnswer;
    telnetAnswer = NO_BYTES;
    return a;
  }

  /**
   * What has been read and not been given out as a line, for somebody else to go on with; only
   * between lines, since of a line that {@link #nextLine} has begun some is no longer here.
   */
  public byte[] copyUnread() {
    return Arrays.copyOfRange(buffer, lineStart, bufferEnd);
  }

  /** Overwrites everything that is held. */
  public void wipe() {
    Arrays.fill(buffer, (byte) 0);
    Arrays.fill(line, (byte) 0);
    lineStart = 0;
    decodedEnd = 0;
    bufferEnd = 0;
    lineLength = 0;
  }
}
