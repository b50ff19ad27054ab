/*
 * Trusted with an encoded request, which contains the password, while a module is asked.
 */
package org.twoftpd.monitor.cvm;

import java.time.Duration;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmRequest;

/**
 * A credential module and how it is reached. Each question is asked on a platform thread of its
 * own, so that a module that stalls delays nobody else.
 */
sealed interface CvmClient permits CvmCommand, CvmLocal, CvmUdp {
  /**
   * Sends a request and waits for the whole reply.
   *
   * @param request is neither kept nor changed
   * @param tag the tag in the request
   * @param timeout for everything together
   * @return the bytes of the reply, at most one more than {@link CvmRequest#LENGTH_MAX}
   * @throws CvmFault when there was no reply in time; its message is for the log
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
