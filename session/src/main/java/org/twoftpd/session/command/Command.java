package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.policy.Access;

/**
 * A command is a row of a command table.
 *
 * @param <D> the dialogue in which the client says the command
 * @param verb in capitals; "SITE" and a word for a command below SITE
 * @param takes whether the command has a parameter
 * @param needs what the kernel must let the session do for the command
 * @param feature the line of FEAT for the command (RFC 2389), whose first word is the feature's
 *     name; null when FEAT does not mention it
 * @param option carries out OPTS for that feature, and takes as parameter what follows the
 *     feature's name; null where OPTS has nothing to choose
 */
public record Command<D>(
    String verb, Takes takes, Handler<D> handler, Access needs, String feature, Handler<D> option) {

  /**
   * Says whether a command has a parameter. A missing parameter is answered with 504, and one too
   * many with 501.
   */
  public enum Takes {
    /** The command has no parameter. */
    NOTHING,
    /**
     * The parameter is words, or is missing; blanks at the end mean nothing, since some clients
     * send them.
     */
    PERHAPS_WORDS,
    /** The parameter is words; blanks at the end mean nothing. */
    WORDS,
    /** The parameter is a name, or is missing; every blank is part of the name. */
    PERHAPS_NAME,
    /** The parameter ends in a name; every blank at the end is part of the name. */
    NAME
  }

  /** Carries out a command and answers it. */
  public interface Handler<D> {
    /**
     * Carries out one command line.
     *
     * @param parameter null when there is none
     */
    void run(D dialogue, byte[] parameter) throws ConnectionEnded;
  }

  /** Carries out the command, unless its parameter is one too many or is missing. */
  public void obey(D dialogue, ControlConnection control, CommandLine line) throws ConnectionEnded {
    boolean isName = takes == Takes.NAME || takes == Takes.PERHAPS_NAME;
    byte[] parameter = isName ? line.parameter() : line.trimmedParameter();
    if (takes == Takes.NOTHING && parameter != null) {
      control.reply(501, "This command takes no parameter.");
    } else if ((takes == Takes.NAME || takes == Takes.WORDS) && parameter == null) {
      control.reply(504, "This command needs a parameter.");
    } else {
      handler.run(dialogue, parameter);
    }
  }
}
