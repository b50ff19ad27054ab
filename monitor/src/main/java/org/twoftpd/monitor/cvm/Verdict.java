/*
 * Trusted with nothing: what came of asking.
 */
package org.twoftpd.monitor.cvm;

import org.twoftpd.shared.cvm.CvmFacts;

/** What the credential modules said. */
public sealed interface Verdict {
  /** The credentials are right. Whether that account may log in is not the modules' to say. */
  record Accepted(CvmFacts facts) implements Verdict {}

  /** The credentials are wrong, or could not be anybody's. */
  record Refused() implements Verdict {}

  /**
   * Nothing is known: a module did not answer, answered nonsense, or said that it could not tell.
   *
   * @param reason for the log; holds no secret and no byte that a client or a module sent
   */
  record Unavailable(String reason) implements Verdict {}
}
