package org.twoftpd.monitor.cvm;

import org.twoftpd.shared.cvm.CvmFacts;

/** The result of asking the credential modules. */
public sealed interface Verdict {
  /** The credentials are right. Whether this account may log in is decided elsewhere. */
  record Accepted(CvmFacts facts) implements Verdict {}

  /** The credentials are wrong, or cannot belong to any account. */
  record Refused() implements Verdict {}

  /**
   * Nothing is known of the credentials: a module did not answer, gave a wrong reply, or answered
   * that it failed.
   *
   * @param reason for the log; contains no secret and no byte that a client or a module sent
   */
  record Unavailable(String reason) implements Verdict {}
}
