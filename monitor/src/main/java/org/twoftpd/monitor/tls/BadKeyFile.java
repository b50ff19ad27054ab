/*
 * Says what is wrong with a file of certificates or keys.
 */
package org.twoftpd.monitor.tls;

/**
 * Has a text that follows the name of a setting and a file, and no trace: it is no fault of ours.
 */
final class BadKeyFile extends Exception {
  private static final long serialVersionUID = 1L;

  BadKeyFile(String message) {
    super(message, null, false, false);
  }
}
