package org.twoftpd.test.rogue;

import org.twoftpd.session.Main;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;

/** The real session, with a thread beside it that makes a system call that no session may make. */
public final class RefusedCallSession {
  private static final int TRIES = 300;

  private RefusedCallSession() {}

  /** The session's arguments. */
  public static void main(String[] arguments) throws Exception {
    Native.load();
    Processes.load();
    Thread other = new Thread(RefusedCallSession::ask, "curious");
    other.setDaemon(true);
    other.start();
    Main.main(arguments);
  }

  /** Asks whether there is a process 1, which root may and a session may not. */
  private static void ask() {
    for (int i = 0; i < TRIES; i++) {
      int _ = Processes.kill(1, 0);
      int _ = Native.poll(new int[0], new short[0], 0, 200);
    }
  }
}
