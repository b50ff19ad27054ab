package org.twoftpd.shared.cvm;

/**
 * The other side broke the CVM protocol, could not be reached, or took too long. The message is for
 * a log line: it never repeats a byte that a module or a client sent. There is no stack trace,
 * since the fault is not in this program.
 */
public final class CvmFault extends Exception {
  private static final long serialVersionUID = 1L;

  public CvmFault(String message) {
    super(message, null, false, false);
  }
}
