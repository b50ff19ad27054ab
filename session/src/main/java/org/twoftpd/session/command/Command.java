/*
 * Trusted with nothing: a row of the command table.
 */
package org.twoftpd.session.command;

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
  /** Whether a command has a parameter. */
  enum Takes {
    /** One is an error, 501. */
    NOTHING,
    /** With or without. */
    PERHAPS,
    /** None is an error, 504. */
    PARAMETER
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
