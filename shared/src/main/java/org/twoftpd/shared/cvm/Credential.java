package org.twoftpd.shared.cvm;

import java.util.Optional;

/**
 * What a credential module is told: a credential of the CVM protocol, version 2, with its number
 * (credentials.html of cvm 0.97).
 */
public enum Credential {
  ACCOUNT(1),
  DOMAIN(2),
  PASSWORD(3),
  /** A secret that client and module share; a module that only looks up accounts asks for it. */
  SECRET(4);

  private final int number;

  Credential(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The credential with that number; empty for one that FTP has no use for. */
  static Optional<Credential> of(int number) {
    for (Credential credential : values()) {
      if (credential.number == number) {
        return Optional.of(credential);
      }
    }
    return Optional.empty();
  }
}
