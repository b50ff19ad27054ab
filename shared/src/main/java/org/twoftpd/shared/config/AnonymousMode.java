/*
 * Trusted with nothing: three names.
 */
package org.twoftpd.shared.config;

/** Who gets the anonymous service. The order is the number on the wire. */
public enum AnonymousMode {
  /** Nobody: everybody needs an account and its password. */
  OFF,
  /** Whoever logs in as anonymous or ftp; everybody else needs an account and its password. */
  ALSO,
  /** Everybody, whatever the user name, and with none at all. */
  EVERYBODY
}
