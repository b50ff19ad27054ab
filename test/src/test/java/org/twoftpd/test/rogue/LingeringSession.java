package org.twoftpd.test.rogue;

import org.twoftpd.session.Main;
import org.twoftpd.shared.os.Native;

/**
 * A session as it is, whose sockets are told to linger when they are closed, as a gate that was
 * taken over might have told its client's before it handed it over.
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
