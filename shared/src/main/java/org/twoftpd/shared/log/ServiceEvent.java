package org.twoftpd.shared.log;

import org.twoftpd.shared.os.Endpoint;

/**
 * What the service tells of itself: its settings, its start and end, and what goes wrong in the
 * monitor.
 */
public sealed interface ServiceEvent extends Event {
  /**
   * One message about what is wrong with the settings that a reload has read, or about XFERLOG that
   * could not be opened again. At a start there is no log yet, and such messages are plain lines.
   */
  record SettingsError(String message) implements ServiceEvent {
    @Override
    public int size() {
      return SMALL + message.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "settings-error").field("message", message);
    }
  }

  /** The settings were read again; {@code needRestart} names those that hold after a restart. */
  record Reloaded(String needRestart) implements ServiceEvent {
    @Override
    public Line entry() {
      Line l = new Line(needRestart.isEmpty() ? INFO : WARNING, "reload").field("result", "done");
      return needRestart.isEmpty() ? l : l.field("restart-for", needRestart);
    }
  }

  /** The settings were read again and are wrong, as other lines say: the old ones stay. */
  record ReloadRefused() implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(ERROR, "reload").field("result", "refused");
    }
  }

  /**
   * The settings have not been read for so many seconds: a disk or a name server makes that wait.
   */
  record ReloadWaits(long seconds) implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(WARNING, "reload").field("result", "waits").field("s", seconds);
    }
  }

  /** The service listens there. */
  record Listening(Endpoint address) implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(INFO, "listening").field("address", address.toString());
    }
  }

  /** The service ends. Its sessions go on. */
  record Stopped() implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(INFO, "stopped");
    }
  }

  /** So many descriptors cannot be closed: who had them too makes that wait. */
  record ClosingsStall(int count) implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(WARNING, "closings-stall").field("count", count);
    }
  }

  /** Logins wait because no more session processes may be started in a second. */
  record SpawnRate(int rate, int waiting) implements ServiceEvent {
    @Override
    public Line entry() {
      return new Line(WARNING, "spawn-rate").field("limit", rate).field("waiting", waiting);
    }
  }

  /** Something in the monitor itself is wrong; it has gone on. */
  record Fault(String what) implements ServiceEvent {
    private static final int FRAMES = 8;

    /** With the places in the program that lead to it, the innermost first. */
    public static Fault of(Throwable thrown) {
      StringBuilder what = new StringBuilder(thrown.toString());
      StackTraceElement[] frames = thrown.getStackTrace();
      for (int i = 0; i < frames.length && i < FRAMES; i++) {
        what.append(" at ").append(frames[i]);
      }
      return new Fault(what.toString());
    }

    @Override
    public int size() {
      return SMALL + what.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "fault").field("what", what);
    }
  }

  /** A certificate has run out or soon will, or is not good yet; {@code what} names its file. */
  record Certificate(String what) implements ServiceEvent {
    @Override
    public int size() {
      return SMALL + what.length();
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "certificate").field("message", what);
    }
  }
}
