/*
 * Runs in the place of the gate and of sessions: it becomes the real program unless an order says how it is to misbehave.
 */
package org.twoftpd.test.rogue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.twoftpd.session.gate.GateMain;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.SessionMessage;

/** What the monitor starts in place of twoftpd-gate and twoftpd-session. */
public final class RoguePeer {
  // Numbers of MessageType.
  private static final int CONNECTED = 3;
  private static final int ASSIGNMENT = 21;

  private RoguePeer() {}

  /** When a misdeed is committed. */
  public enum Moment {
    /** Before the process has said that it is ready. */
    AT_ONCE,
    /** When it is ready. */
    READY,
    /** When it has a client. */
    WITH_A_CLIENT
  }

  /**
   * Takes two arguments: the role, gate or session, and the path of a file with an order. An order
   * is a moment and a misdeed. The first process that reads the file removes it, unless a third
   * word says that the order is for all; a process that finds no file becomes the real program.
   */
  public static void main(String[] arguments) throws Exception {
    boolean gate = arguments[0].equals("gate");
    Path file = Path.of(arguments[1]);
    String[] order = take(file);
    if (order == null) {
      tell(file, ".honest-" + ProcessHandle.current().pid());
      if (gate) {
        GateMain.main(new String[0]);
      } else {
        org.twoftpd.session.Main.main(new String[0]);
      }
      return;
    }
    Native.load();
    MonitorLine wire = new MonitorLine();
    Moment moment = Moment.valueOf(order[0]);
    Misdeed misdeed = Misdeed.valueOf(order[1]);
    long connection = 1;
    if (moment != Moment.AT_ONCE) {
      wire.send(gate ? new GateMessage.Ready() : new SessionMessage.SpareReady());
    }
    tell(file, ".taken");
    if (moment == Moment.WITH_A_CLIENT && !misdeed.isOfTheSocket()) {
      if (gate) {
        connection = wire.read(CONNECTED).connection();
      } else {
        wire.read(ASSIGNMENT);
        wire.send(new SessionMessage.Serving());
      }
    }
    misdeed.commit(wire, gate, connection);
    if (misdeed.isViolation()) {
      Thread.sleep(60_000);
    }
    Runtime.getRuntime().halt(0);
  }

  private static String[] take(Path file) throws IOException {
    try {
      String[] order = Files.readString(file).split(" ", -1);
      if (order.length == 2) {
        Files.move(file, file.resolveSibling("old"), StandardCopyOption.REPLACE_EXISTING);
      }
      return order;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Writes down which process has taken the order, or has found none. */
  private static void tell(Path file, String what) throws IOException {
    Files.writeString(
        file.resolveSibling(file.getFileName() + what),
        Long.toString(ProcessHandle.current().pid()),
        StandardCharsets.US_ASCII);
  }
}
