package org.twoftpd.shared.log;

/** What happens to the processes that the monitor starts, apart from what their clients do. */
public sealed interface ProcessEvent extends Event {
  /**
   * A gate or a session, {@code role}, hangs, and is killed; {@code pid} 0 is one not yet there.
   */
  record Hung(String role, int pid, String what) implements ProcessEvent {
    @Override
    public Line entry() {
      return new Line(ERROR, "hung").field("role", role).field("pid", pid).field("what", what);
    }
  }

  /** A spare could not be had. */
  record SpareFailed(String reason) implements ProcessEvent {
    @Override
    public int size() {
      return SMALL + reason.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "spare-failed").field("reason", reason);
    }
  }

  /** The gate has died, and another one is started. */
  record GateDied(String reason) implements ProcessEvent {
    @Override
    public int size() {
      return SMALL + reason.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "gate-died").field("reason", reason);
    }
  }

  /** A process has said what it may not say, and was killed. */
  record Violation(String role, int pid, String what) implements ProcessEvent {
    @Override
    public int size() {
      return SMALL + what.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "violation").field("role", role).field("pid", pid).field("what", what);
    }
  }

  /**
   * A process that the monitor has started wrote a line to its descriptor 2: a virtual machine that
   * is in trouble, or whoever has taken it over.
   */
  record Stderr(String role, int pid, byte[] text) implements ProcessEvent {
    @Override
    public int size() {
      return SMALL + text.length;
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "stderr").field("role", role).field("pid", pid).field("text", text);
    }
  }
}
