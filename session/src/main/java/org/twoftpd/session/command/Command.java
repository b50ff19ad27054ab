package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.policy.Access;

/**
 * A row of a command table.
 *
 * @param <D> the dialogue that the command is said in
 * @param verb in capitals; "SITE" and a word for those below SITE
 * @param takes whether it has a parameter
 * @param needs what the kernel must let the session do for it
 * @param feature what FEAT tells for it (RFC 2389), its first word being the feature's name; null
 *     for nothing
 * @param option carries out OPTS for that feature, with what follows the feature's name as its
 *     parameter; null where OPTS has nothing to choose
 */
public record Command<D>(
    String verb, Takes takes, Handler<D> handler, Access needs, String feature, Handler<D> option) {

  /** Whether a command has a parameter: none where one is needed is 504, one too many 501. */
  public enum Takes {
    /** None. */
    NOTHING,
    /** Words, or none; blanks at the end mean nothing, since some clients send them. */
    PERHAPS_WORDS,
    /** Words; blanks at the end mean nothing. */
    WORDS,
    /** A name, or none; every blank is part of it. */
    PERHAPS_NAME,
    /** What has a name at its end; every blank there is part of it. */
    NAME
  }

  /** Carries a command out and answers it. */
  public interface Handler<D> {
    /**
     * Called once for each command line.
     *
     * @param parameter null when there is none
     */
    void run(D dialogue, byte[] parameter) throws ConnectionEnded;
  }

  /** Carries the command out, unless its parameter is one too many or is missing. */
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
