package org.twoftpd.shared.config;

/** Says that a value is not one that its setting allows; the setting knows what it allows. */
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException() {
    super(null, null, false, false);
  }
}
