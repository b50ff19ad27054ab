package org.twoftpd.session.control;

/**
 * Answers the monitor when it asks whether this process is alive. The thread that serves the client
 * answers while it waits, so that a process whose thread hangs gives no answer and is ended.
 */
public interface KeepAlive {
  /**
   * Returns the descriptor on which a question of the monitor can be read, to be polled together
   * with the client's; -1, which poll(2) ignores, when no questions come.
   */
  int questionFd();

  /** Reads and answers the questions; to be called when {@link #questionFd} can be read. */
  void answerQuestion();

  /** Notes that a command arrived, or that bytes of a reply or of a file were transferred. */
  void noteProgress();
}
