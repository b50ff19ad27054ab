/*
 * Trusted with nothing: says that a value is not what its setting allows.
 */
package org.twoftpd.shared.config;

/** Has neither text nor trace: the row of the table says what is allowed. */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException() {
    super(null, null, false, false);
  }
}
