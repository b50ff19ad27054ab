package org.twoftpd.session.control;

import java.util.ArrayDeque;

/**
 * Holds the commands that came during a transfer until it is over, in the order of their arrival.
 */
public final class KeptCommands {
  /**
   * Reading stops when the kept commands cost this much: a client may send commands without end,
   * and the rest then stays in the buffers of its own system.
   */
  private static final int BYTES_KEPT_MAX = 65536;

  /** An estimate of the memory that a command costs besides its bytes. */
  private static final int BYTES_PER_COMMAND = 64;

  private final ArrayDeque<CommandLine> lines = new ArrayDeque<>();
  private int bytes;

  KeptCommands() {}

  /** Returns whether another command may be read from the client. */
  boolean hasRoom() {
    return bytes < BYTES_KEPT_MAX;
  }

  /** Keeps a command until its turn comes. */
  public void add(CommandLine line) {
    lines.add(line);
    bytes += BYTES_PER_COMMAND + line.length();
  }

  /** Returns whether no command is kept. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Returns the oldest command and keeps it; null when there is none. */
  public CommandLine first() {
    return lines.peek();
  }

  /**
   * Returns the oldest command and no longer keeps it.
   *
   * @throws java.util.NoSuchElementException when there is none
   */
  public CommandLine removeFirst() {
    CommandLine first = lines.remove();
    bytes -= BYTES_PER_COMMAND + first.length();
    return first;
  }

  /** Returns whether a command with that verb is kept; the verb must be in capitals. */
  public boolean contains(String verb) {
    for (CommandLine line : lines) {
      if (line.hasVerb(verb)) {
        return true;
      }
    }
    return false;
  }
}
