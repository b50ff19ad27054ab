/*
 * Trusted to hear a session, which is less trusted than the gate in what it sends: frames of one size, descriptors only
 * where they belong, none that could make the gate wait, and none left open.
 */
package org.twoftpd.session.tls;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

/**
 * The gate's end of its line to one session. It belongs to the thread that relays control
 * connections, and while a transfer lasts to that one's thread.
 */
final class SessionLine {
  /** What {@link #hear} says. */
  enum Heard {
    NOTHING,
    A_FRAME,
    /** The session is gone, or says what it may not. */
    THE_END
  }

  private final int fd;
  private final byte[] frame = new byte[TransferLine.FRAME];
  private final int[] descriptors = new int[2];
  private boolean lent;
  private boolean abandoned;
  private boolean parting;

  /**
   * @param fd non-blocking
   */
  SessionLine(int fd) {
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  /** Reads one frame, if there is one. */
  Heard hear() {
    int n = Native.recvmsg(fd, frame, 0, frame.length, descriptors);
    if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
      return Heard.NOTHING;
    }
    if (n <= 0) {
      return Heard.THE_END;
    }
    boolean both = descriptors[0] >= 0 && descriptors[1] >= 0;
    boolean either = descriptors[0] >= 0 || descriptors[1] >= 0;
    boolean right =
        switch (frame[0]) {
          case TransferLine.PROTECT ->
              both
                  && frame[2] <= TransferLine.DOWNLOAD
                  && Native.isPromptSocket(descriptors[0]) == 1
                  && Native.isPromptSocket(descriptors[1]) == 1;
          case TransferLine.DONE -> !either && frame[2] <= TransferLine.ABORT;
          default -> false;
        };
    if (n != frame.length || !right || frame[2] < 0) {
      closeDescriptors();
      return Heard.THE_END;
    }
    return Heard.A_FRAME;
  }

  private void closeDescriptors() {
    for (int d : descriptors) {
      if (d >= 0) {
        Native.close(d);
      }
    }
  }

  /** What the last frame says. */
  int what() {
    return frame[0];
  }

  /** The number of the transfer that the last frame is about. */
  byte number() {
    return frame[1];
  }

  /** The last byte of the last frame. */
  int argument() {
    return frame[2];
  }

  /** The data connection that came with the last frame, the receiver's to close. */
  int data() {
    return descriptors[0];
  }

  /** The end of a pair that came with the last frame, the receiver's to close. */
  int plain() {
    return descriptors[1];
  }

  /**
   * Says something to the session. One that does not hear it has as good as ended: it asks for one
   * transfer at a time and waits for the answer.
   */
  void say(int what, byte number, int argument) {
    byte[] f = {(byte) what, number, (byte) argument};
    int _ = Native.write(fd, f, 0, f.length);
  }

  /** A transfer has the line from here on. */
  synchronized void lend() {
    lent = true;
  }

  /** A transfer has it no more; false when nobody else wants it either, and it is closed. */
  synchronized boolean takeBack() {
    lent = false;
    if (abandoned) {
      Native.close(fd);
    }
    return !abandoned;
  }

  /**
   * A transfer that is over waits for its client to close.
   *
   * @return false when one before it does so still: a client that never closes has no more than one
   *     descriptor by this
   */
  synchronized boolean beginParting() {
    boolean first = !parting;
    parting = true;
    return first;
  }

  /** It waits no more. */
  synchronized void endParting() {
    parting = false;
  }

  /** Closes it, as soon as no transfer has it. */
  synchronized void abandon() {
    if (!abandoned && !lent) {
      Native.close(fd);
    }
    abandoned = true;
  }
}
