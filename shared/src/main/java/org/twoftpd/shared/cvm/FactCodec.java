/*
 * Trusted with the facts that a module sends: checks numbers and names, and that all required facts are there, for everybody
 * who uses the account afterwards.
 */
package org.twoftpd.shared.cvm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes and encodes the facts in a reply. */
final class FactCodec {
  private static final byte[] NOTHING = {};

  private FactCodec() {}

  /**
   * Reads the facts from index {@code at} to the end. Facts that FTP has no use for are skipped.
   *
   * @throws CvmFault when a fact is malformed, or is repeated and may not be
   */
  static Map<Fact, List<byte[]>> read(byte[] from, int at) throws CvmFault {
    Map<Fact, List<byte[]>> facts = new EnumMap<>(Fact.class);
    MessageParts parts = new MessageParts(from, at, from.length);
    while (parts.next()) {
      Fact fact = Fact.of(parts.number()).orElse(null);
      if (fact == null) {
        continue;
      }
      byte[] value = parts.value();
      check(fact, value);
      List<byte[]> values = facts.computeIfAbsent(fact, _ -> new ArrayList<>());
      if (!values.isEmpty() && !fact.isRepeatable()) {
        throw new CvmFault("fact " + fact + " twice");
      }
      values.add(value);
    }
    return facts;
  }

  private static void check(Fact fact, byte[] value) throws CvmFault {
    if (fact.isNumber()) {
      parse(fact, value);
      return;
    }
    for (byte each : value) {
      if (each == 0) {
        throw new CvmFault("fact " + fact + " with a NUL in it");
      }
    }
  }

  /** Reads a decimal number from 0 to {@link CvmFacts#ID_MAX}, without sign and leading zeros. */
  private static long parse(Fact fact, byte[] value) throws CvmFault {
    long number = 0;
    for (byte digit : value) {
      if (digit < '0' || digit > '9' || value.length > 10) {
        throw notANumber(fact);
      }
      number = number * 10 + (digit - '0');
    }
    if (value.length == 0 || number > CvmFacts.ID_MAX || (value[0] == '0' && value.length > 1)) {
      throw notANumber(fact);
    }
    return number;
  }

  private static CvmFault notANumber(Fact fact) {
    return new CvmFault("fact " + fact + " is not a number from 0 to " + CvmFacts.ID_MAX);
  }

  /**
   * Makes an account of the facts.
   *
   * @throws CvmFault when a required fact is missing, or the name is empty
   */
  static CvmFacts account(Map<Fact, List<byte[]>> facts) throws CvmFault {
    for (Fact fact : List.of(Fact.USER, Fact.UID, Fact.GID, Fact.DIRECTORY)) {
      if (!facts.containsKey(fact)) {
        throw new CvmFault("fact " + fact + " is missing");
      }
    }
    if (text(facts, Fact.USER).length == 0) {
      throw new CvmFault("fact USER is empty");
    }
    List<byte[]> groups = facts.getOrDefault(Fact.SUPPLEMENTARY_GID, List.of());
    long[] supplementary = new long[groups.size()];
    for (int i = 0; i < supplementary.length; i++) {
      supplementary[i] = parse(Fact.SUPPLEMENTARY_GID, groups.get(i));
    }
    return new CvmFacts(
        text(facts, Fact.USER),
        number(facts, Fact.UID, 0),
        number(facts, Fact.GID, 0),
        text(facts, Fact.REAL_NAME),
        text(facts, Fact.DIRECTORY),
        text(facts, Fact.SHELL),
        text(facts, Fact.GROUP_NAME),
        supplementary);
  }

  private static byte[] text(Map<Fact, List<byte[]>> facts, Fact fact) {
    List<byte[]> values = facts.get(fact);
    return values == null ? NOTHING : values.getFirst();
  }

  static long number(Map<Fact, List<byte[]>> facts, Fact fact, long otherwise) throws CvmFault {
    List<byte[]> values = facts.get(fact);
    return values == null ? otherwise : parse(fact, values.getFirst());
  }

  /**
   * The facts of an account in the order in which they are sent, without empty names. The groups
   * come first, as cvm-unix sends them: the client library of cvm 0.97 never finds the end of a
   * repeated fact that is the last one.
   */
  static Map<Fact, List<byte[]>> facts(CvmFacts account) {
    Map<Fact, List<byte[]>> facts = new LinkedHashMap<>();
    List<byte[]> groups = new ArrayList<>();
    for (long gid : account.supplementary()) {
      groups.add(decimal(gid));
    }
    facts.put(Fact.SUPPLEMENTARY_GID, groups);
    facts.put(Fact.USER, List.of(account.user()));
    facts.put(Fact.UID, List.of(decimal(account.uid())));
    facts.put(Fact.GID, List.of(decimal(account.gid())));
    facts.put(Fact.DIRECTORY, List.of(account.directory()));
    putUnlessEmpty(facts, Fact.REAL_NAME, account.realName());
    putUnlessEmpty(facts, Fact.SHELL, account.shell());
    putUnlessEmpty(facts, Fact.GROUP_NAME, account.groupName());
    return facts;
  }

  private static void putUnlessEmpty(Map<Fact, List<byte[]>> facts, Fact fact, byte[] value) {
    if (value.length > 0) {
      facts.put(fact, List.of(value));
    }
  }

  private static byte[] decimal(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
