/*
 * Trusted with nothing: a row of the command table.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.policy.Access;

/**
 * One command.
 *
 * @param verb in capitals; "SITE" and a word for those below SITE
 * @param takes whether it has a parameter
 * @param needs what the kernel must let the session do for it
 */
record Command(String verb, Takes takes, Handler handler, Access needs) {
  /** Whether a command has a parameter: none where one is needed is 504, one too many 501. */
  enum Takes {
    /** None. */
    NOTHING,
    /** Words, or none; blanks at the end mean nothing, since some clients send them. */
    PERHAPS_WORDS,
    /** Words; blanks at the end mean nothing. */
    WORDS,
    /** A name, or none; every blank is part of it. */
    PERHAPS_NAME,
    /** What has a name at its end; every blank there is part of it. */
    NAME;

    boolean needsOne() {
      return this == WORDS || this == NAME;
    }

    /** The parameter of a line as the command takes it; null when there is none. */
    byte[] parameter(CommandLine line) {
      return this == NAME || this == PERHAPS_NAME ? line.parameter() : line.words();
    }
  }

  /** Carries a command out and answers it. */
  interface Handler {
    /**
     * Called once for each command line.
     *
     * @param parameter null when there is none
     */
    void run(Conversation c, byte[] parameter) throws ConnectionEnded;
  }
}
