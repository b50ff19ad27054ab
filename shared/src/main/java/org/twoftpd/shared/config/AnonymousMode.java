package org.twoftpd.shared.config;

/** Who gets the anonymous service. The place of a value is its number on the wire. */
public enum AnonymousMode {
  /** Nobody: everybody needs an account and its password. */
  OFF,
  /** Clients that log in as anonymous or ftp; everybody else needs an account and its password. */
  ALSO,
  /** Every client, whatever user name it gives, and also when it gives none. */
  EVERYBODY;

  /** True when a client that gives this user name gets the anonymous service. */
  public boolean isFor(byte[] name) {
    return this == EVERYBODY
        || this == ALSO
            && (equalsIgnoringCase(name, "anonymous") || equalsIgnoringCase(name, "ftp"));
  }

  private static boolean equalsIgnoringCase(byte[] name, String smallLetters) {
    boolean same = name.length == smallLetters.length();
    for (int i = 0; same && i < name.length; i++) {
      same = (name[i] | 0x20) == smallLetters.charAt(i);
    }
    return same;
  }
}
