/*
 * Trusted with nothing: carries the words for a log line, and never a byte that a module or a client sent.
 */
package org.twoftpd.monitor.cvm;

/**
 * The other side broke the CVM protocol, could not be reached, or took too long. Has no stack
 * trace: it is somebody else's fault, not one in this program.
 */
public final class CvmFault extends Exception {
  private static final long serialVersionUID = 1L;

  CvmFault(String message) {
    super(message, null, false, false);
  }
}
