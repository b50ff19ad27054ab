package org.twoftpd.session.control;

import java.util.ArrayDeque;

/** Commands that came during a transfer and wait for their turn, in the order they came in. */
public final class KeptCommands {
  // A client may send commands ahead without end; those beyond this stay in its own buffers.
  private static final int BYTES_KEPT_MAX = 65536;

  /** What a command costs beside its bytes. */
  private static final int BYTES_PER_COMMAND = 64;

  private final ArrayDeque<CommandLine> lines = new ArrayDeque<>();
  private int bytes;

  KeptCommands() {}

  /** False when no more should be read from the client for now. */
  boolean hasRoom() {
    return bytes < BYTES_KEPT_MAX;
  }

  /** Keeps a command, to be carried out in its turn. */
  public void add(CommandLine line) {
    lines.add(line);
    bytes += BYTES_PER_COMMAND + line.length();
  }

  /** True when there is none. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The command whose turn is next; null when there is none. */
  public CommandLine first() {
    return lines.peek();
  }

  /** Takes out the command that {@link #first} gave, which must be there. */
  public CommandLine removeFirst() {
    CommandLine first = lines.remove();
    bytes -= BYTES_PER_COMMAND + first.length();
    return first;
  }

  /** True when there is a command with that verb, which is in capitals. */
  public boolean contains(String verb) {
    for (CommandLine line : lines) {
      if (line.hasVerb(verb)) {
        return true;
      }
    }
    return false;
  }
}
