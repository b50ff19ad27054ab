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
  public static final int BUFFER = 16384;

  /** Stands for a line that was too long. */
  public static final CommandLine TOO_LONG = new CommandLine(new byte[0]);

  private static final byte[] NONE = {};
  private static final int IAC = 0xff;
  private static final int DONT = 0xfe;
  private static final int DO = 0xfd;
  private static final int WONT = 0xfc;
  private static final int WILL = 0xfb;

  /** The first byte that is not ASCII. */
  private static final int FIRST_OTHER = 0x80;

  /** Of declined offers, so that a client that offers without end gets memory for no more. */
  private static final int ANSWER_MAX = 300;

  private byte[] raw = new byte[BUFFER];
  // raw[start..scanned) is the beginning of a line, decoded into line; raw[scanned..end) is still
  // to be looked at.
  private int start;
  private int scanned;
  private int end;
  private final byte[] line = new byte[LINE_MAX];
  private int length;
  private boolean tooLong;
  private int telnet;
  private byte[] answer = NONE;

  /** Reads once from a descriptor. As read(2): 0 at the end, a negative error number. */
  public int fill(int fd) {
    compact();
    int n = Native.read(fd, raw, end, raw.length - end);
    if (n > 0) {
      end += n;
    }
    return n;
  }

  /** Puts bytes in as though they had been read. */
  public void put(byte[] bytes) {
    compact();
    if (raw.length - end < bytes.length) {
      raw = Arrays.copyOf(raw, end + bytes.length);
    }
    System.arraycopy(bytes, 0, raw, end, bytes.length);
    end += bytes.length;
  }

  private void compact() {
    if (end == raw.length && start == 0 && scanned == end) {
      // A line that does not fit: forget its beginning, which has been decoded or dropped.
      start = scanned;
    }
    if (start > 0) {
      System.arraycopy(raw, start, raw, 0, end - start);
      // What was moved away may have been a password.
      Arrays.fill(raw, end - start, end, (byte) 0);
      scanned -= start;
      end -= start;
      start = 0;
    }
  }

  /**
   * True when there is room to read more: a client that sends ahead without end is left to wait.
   */
  public boolean hasRoom() {
    return end < raw.length || start > 0 || scanned == end;
  }

  /** The next line, {@link #TOO_LONG}, or null when its end has not come yet. */
  public CommandLine next() {
    while (scanned < end) {
      takePlain();
      if (scanned == end) {
        break;
      }
      int c = raw[scanned++] & 0xff;
      boolean taken = length == 0 && !tooLong ? takeTelnet(c) : takePair(c);
      if (!taken) {
        if (c == '\n') {
          return finish();
        }
        append(c == 0 ? '\n' : c);
      }
    }
    return null;
  }

  /**
   * Takes what stands for itself wherever it comes, in one piece: nearly all of nearly every line.
   */
  private void takePlain() {
    if (telnet != 0) {
      return;
    }
    int most = Math.min(end, scanned + LINE_MAX - length);
    int to = scanned;
    while (to < most && raw[to] > 0 && raw[to] != '\n') {
      to++;
    }
    System.arraycopy(raw, scanned, line, length, to - scanned);
    length += to - scanned;
    scanned = to;
  }

  private CommandLine finish() {
    start = scanned;
    boolean bad = tooLong;
    int n = length;
    length = 0;
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

  private void append(int c) {
    if (length < LINE_MAX) {
      line[length++] = (byte) c;
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
    int before = telnet;
    telnet = 0;
    if (before != 0 && before != IAC) {
      decline(before, c);
      return true;
    }
    if (c == IAC ? before == 0 : before == IAC && c >= WILL) {
      telnet = c;
    }
    return c >= FIRST_OTHER;
  }

  private void decline(int offer, int option) {
    if ((offer == WILL || offer == DO) && answer.length < ANSWER_MAX) {
      int at = answer.length;
      answer = Arrays.copyOf(answer, at + 3);
      answer[at] = (byte) IAC;
      answer[at + 1] = (byte) (offer == WILL ? DONT : WONT);
      answer[at + 2] = (byte) option;
    }
  }

  /**
   * Takes a 0xFF inside a line, which belongs to it by itself as well as in a pair; the byte behind
   * it tells which. False for any other byte.
   */
  private boolean takePair(int c) {
    boolean second = telnet == IAC;
    telnet = 0;
    if (second) {
      append(IAC);
      return c == IAC;
    }
    if (c == IAC) {
      telnet = IAC;
    }
    return c == IAC;
  }

  /** What Telnet wants answered since the last call. */
  public byte[] takeAnswer() {
    byte[] a = answer;
    answer = NONE;
    return a;
  }

  /**
   * What has been read and not been given out as a line, for somebody else to go on with; only
   * between lines, since of a line that {@link #next} has begun some is no longer here.
   */
  public byte[] unread() {
    return Arrays.copyOfRange(raw, start, end);
  }

  /** Overwrites everything that is held. */
  public void wipe() {
    Arrays.fill(raw, (byte) 0);
    Arrays.fill(line, (byte) 0);
    start = 0;
    scanned = 0;
    end = 0;
    length = 0;
  }
}
