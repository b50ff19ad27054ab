/*
 * Trusted to know who needs no password.
 */
package org.twoftpd.shared.config;

/** Who gets the anonymous service. The order is the number on the wire. */
public enum AnonymousMode {
  /** Nobody: everybody needs an account and its password. */
  OFF,
  /** Whoever logs in as anonymous or ftp; everybody else needs an account and its password. */
  ALSO,
  /** Everybody, whatever the user name, and with none at all. */
  EVERYBODY;

  /** True when whoever gives that user name gets the anonymous service. */
  public boolean isFor(byte[] name) {
    return this == EVERYBODY || this == ALSO && (says(name, "anonymous") || says(name, "ftp"));
  }

  private static boolean says(byte[] name, String smallLetters) {
    boolean same = name.length == smallLetters.length();
    for (int i = 0; same && i < name.length; i++) {
      same = (name[i] | 0x20) == smallLetters.charAt(i);
    }
    return same;
  }
}
