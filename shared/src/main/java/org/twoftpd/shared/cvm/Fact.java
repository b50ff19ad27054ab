package org.twoftpd.shared.cvm;

import java.util.Optional;

/**
 * What a credential module tells: a fact of the CVM protocol, version 2, with its number and the
 * form that its value must have (facts.html of cvm 0.97).
 */
public enum Fact {
  USER(1, Shape.TEXT),
  UID(2, Shape.NUMBER),
  GID(3, Shape.NUMBER),
  REAL_NAME(4, Shape.TEXT),
  DIRECTORY(5, Shape.TEXT),
  SHELL(6, Shape.TEXT),
  GROUP_NAME(7, Shape.TEXT),
  /** The only fact that may be repeated. */
  SUPPLEMENTARY_GID(8, Shape.NUMBER),
  SYSTEM_USER(9, Shape.TEXT),
  SYSTEM_DIRECTORY(10, Shape.TEXT),
  DOMAIN(14, Shape.TEXT),
  MAILBOX(15, Shape.TEXT),
  /** Comes with a permanent failure: not zero when the account is none of the module's. */
  OUT_OF_SCOPE(16, Shape.NUMBER);

  private enum Shape {
    TEXT,
    NUMBER
  }

  private final int number;
  private final Shape shape;

  Fact(int number, Shape shape) {
    this.number = number;
    this.shape = shape;
  }

  int number() {
    return number;
  }

  /** Whether the value is a decimal number; else it is bytes without NUL. */
  boolean isNumber() {
    return shape == Shape.NUMBER;
  }

  boolean isRepeatable() {
    return this == SUPPLEMENTARY_GID;
  }

  /** The fact with that number; empty for one that FTP has no use for. */
  static Optional<Fact> of(int number) {
    for (Fact fact : values()) {
      if (fact.number == number) {
        return Optional.of(fact);
      }
    }
    return Optional.empty();
  }
}
