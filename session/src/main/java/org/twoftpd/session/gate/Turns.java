package org.twoftpd.session.gate;

import java.util.concurrent.Semaphore;

/**
 * How many handshakes may compute at a time: a hello costs its sender nothing and the gate a
 * millisecond, and of the processors some have to be left for everybody else's dialogues. For
 * virtual threads: what the kernel shares out takes no turns.
 */
final class Turns {
  private final Semaphore turns =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /** Does something in its turn. */
  void runInTurn(Runnable work) {
    awaitTurn();
    try {
      work.run();
    } finally {
      yieldTurn();
    }
  }

  /** Gives the turn to somebody else for as long as there is a wait in the work. */
  void yieldTurn() {
    if (Thread.currentThread().isVirtual()) {
      turns.release();
    }
  }

  /** Goes on in the next turn. */
  void awaitTurn() {
    if (Thread.currentThread().isVirtual()) {
      turns.acquireUninterruptibly();
    }
  }
}
