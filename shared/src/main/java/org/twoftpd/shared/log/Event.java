package org.twoftpd.shared.log;

/**
 * Something that happened and is worth a line of the log. Each event makes its own line. The names
 * and the fields of the lines are documented, and log analysers rely on them.
 */
public sealed interface Event
    permits ServiceEvent, ProcessEvent, ClientEvent, SessionEvent, MissingLinesEvent {
  // Priorities of syslog(3).
  int ERROR = 3;
  int WARNING = 4;
  int INFO = 6;

  /** About how many bytes an event takes without the text that others have put into it. */
  int SMALL = 256;

  /** Makes the line: its priority, its name and its fields. */
  Line entry();

  /** About how many bytes the event takes while it waits to be written, at least {@link #SMALL}. */
  default int size() {
    return SMALL;
  }
}
