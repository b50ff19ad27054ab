/*
 * Trusted with an encoded request, password and all, for as long as one question lasts.
 */
package org.twoftpd.monitor.cvm;

import java.time.Duration;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmRequest;

/**
 * One module and the way to it. Called on a platform thread for each question, many at once, so
 * that a module that stalls delays nobody else.
 */
sealed interface CvmClient permits CvmCommand, CvmLocal, CvmUdp {
  /**
   * Asks, and waits for the whole reply.
   *
   * @param request not kept, not changed
   * @param tag the tag in the request
   * @param timeout for everything together
   * @return the bytes of the reply, at most {@link CvmRequest#LENGTH_MAX} and one more
   * @throws CvmFault when there was none in time; its message is for the log
   */
  byte[] ask(byte[] request, byte[] tag, Duration timeout) throws CvmFault;

  static CvmFault late(Duration timeout) {
    return new CvmFault("no answer within " + timeout.toMillis() + " ms");
  }

  static CvmFault interrupted() {
    Thread.currentThread().interrupt();
    return new CvmFault("interrupted");
  }
}
