/*
 * Trusted with nothing: the monitor's question whether this process is alive, as whoever waits for the client sees it.
 */
package org.twoftpd.session.control;

/** Answers between two waits, so that a process that hangs gives no answer. */
public interface KeepAlive {
  /**
   * What to poll for reading beside the client; -1, which poll(2) passes over, when nobody asks.
   */
  int questionFd();

  /** There is something to read. */
  void answerQuestion();

  /** A command, or bytes of a reply or of a file, have moved. */
  void noteProgress();
}
