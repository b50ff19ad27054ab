/*
 * Trusted with the bytes that a module sends, until every length, number and name in them has been checked.  Decides only
 * whether the reply is well-formed.
 */
package org.twoftpd.shared.cvm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A reply of the CVM protocol, version 2 (protocol-2.html, facts.html and errors.html of cvm 0.97):
 * an error byte; the length and bytes of the request's tag; number, length and bytes of each fact;
 * a zero byte. At most {@link CvmRequest#LENGTH_MAX} bytes.
 */
public sealed interface CvmReply {
  /** Error 0: the credentials are right. */
  record Success(CvmFacts facts) implements CvmReply {
    @Override
    public byte[] encode(byte[] tag) {
      byte[] to = new byte[CvmRequest.LENGTH_MAX];
      int at = CvmRequest.put(to, 0, 0, tag);
      for (Map.Entry<Fact, List<byte[]>> each : FactCodec.facts(facts).entrySet()) {
        for (byte[] value : each.getValue()) {
          if (value.length > CvmRequest.PART_MAX || value.length + 3 > to.length - at) {
            return new TemporaryFailure(BAD_REPLY).encode(tag);
          }
          at = CvmRequest.put(to, at, each.getKey().number(), value);
        }
      }
      return Arrays.copyOf(to, at + 1);
    }
  }

  /**
   * Error 100: the credentials are wrong.
   *
   * @param outOfScope the account is none of the module's, and another module may know it
   */
  record PermanentFailure(boolean outOfScope) implements CvmReply {
    @Override
    public byte[] encode(byte[] tag) {
      byte[] to = new byte[CvmRequest.LENGTH_MAX];
      int at = CvmRequest.put(to, 0, PERMANENT, tag);
      if (outOfScope) {
        at = CvmRequest.put(to, at, Fact.OUT_OF_SCOPE.number(), new byte[] {'1'});
      }
      return Arrays.copyOf(to, at + 1);
    }
  }

  /** Any other error, 1 to 255: nothing is known of the credentials. */
  record TemporaryFailure(int error) implements CvmReply {
    @Override
    public byte[] encode(byte[] tag) {
      byte[] to = new byte[CvmRequest.LENGTH_MAX];
      return Arrays.copyOf(to, CvmRequest.put(to, 0, error, tag) + 1);
    }
  }

  int BAD_REQUEST = 2;
  int BAD_REPLY = 3;
  int INPUT_OUTPUT = 4;
  int NO_CREDENTIAL = 7;
  int PERMANENT = 100;

  /**
   * Decodes a whole reply.
   *
   * @param tag the tag of the request
   * @throws CvmFault when it is not a well-formed reply to that request
   */
  static CvmReply decode(byte[] from, byte[] tag) throws CvmFault {
    if (from.length > CvmRequest.LENGTH_MAX) {
      throw new CvmFault("reply longer than 512 bytes");
    }
    if (from.length < 3) {
      throw new CvmFault("reply cut short");
    }
    if (!carries(from, from.length, tag)) {
      throw new CvmFault("reply to another request");
    }
    int error = Byte.toUnsignedInt(from[0]);
    if (error != 0 && error != PERMANENT) {
      // The protocol says that the rest is ignored, and modules that fail early do not send it.
      return new TemporaryFailure(error);
    }
    Map<Fact, List<byte[]>> facts = FactCodec.read(from, 2 + tag.length);
    return error == 0
        ? new Success(FactCodec.account(facts))
        : new PermanentFailure(FactCodec.number(facts, Fact.OUT_OF_SCOPE, 0) != 0);
  }

  /** True when {@code from[0 .. length)} could be a reply to the request of that tag. */
  static boolean carries(byte[] from, int length, byte[] tag) {
    return length >= 2 + tag.length
        && Byte.toUnsignedInt(from[1]) == tag.length
        && Arrays.equals(from, 2, 2 + tag.length, tag, 0, tag.length);
  }

  /**
   * Encodes the reply. If facts do not fit, it becomes temporary failure {@link #BAD_REPLY}.
   *
   * @param tag at most 255 bytes
   */
  byte[] encode(byte[] tag);

  /** What an error number means, for the log. */
  static String describe(int error) {
    return switch (error) {
      case BAD_REQUEST -> "error 2, bad request";
      case BAD_REPLY -> "error 3, bad data from a module";
      case INPUT_OUTPUT -> "error 4, input or output";
      case 5 -> "error 5, a fact is missing";
      case 6 -> "error 6, configuration of the module";
      case NO_CREDENTIAL -> "error 7, a credential is missing";
      default -> "error " + error;
    };
  }
}
