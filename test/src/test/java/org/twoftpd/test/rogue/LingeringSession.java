package org.twoftpd.test.rogue;

import org.twoftpd.session.Main;
import org.twoftpd.shared.os.Native;

/**
 * The real session, with a thread beside it that has its sockets linger when they are closed. A
 * gate that was taken over could have set that on its client's socket before it handed it over.
 */
public final class LingeringSession {
  private static final int DAY = 86_400;
  private static final int DESCRIPTORS = 64;
  private static final int TRIES = 300;

  private LingeringSession() {}

  /** The session's arguments. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    Thread other = new Thread(LingeringSession::spoil, "lingering");
    other.setDaemon(true);
    other.start();
    Main.main(arguments);
  }

  private static void spoil() {
    for (int i = 0; i < TRIES; i++) {
      for (int fd = 3; fd < DESCRIPTORS; fd++) {
        int _ = Native.setLinger(fd, DAY);
      }
      int _ = Native.poll(new int[0], new short[0], 0, 100);
    }
  }
}
