package org.twoftpd.shared.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.MessageType.Role;

/** What monitor and gate say to each other about TLS. */
class TlsMessagesTest {
  private static void assertArrives(Role from, Role to, Message m) throws ProtocolViolation {
    byte[] frame = Codec.encode(m);
    IncomingMessages i = new IncomingMessages(from, to);
    i.put(frame, frame.length);
    assertArrayEquals(frame, Codec.encode(i.next()));
  }

  @Test
  void everyPartOfTheTermsArrives() throws ProtocolViolation {
    assertArrives(
        Role.MONITOR,
        Role.GATE,
        new TlsMessage.TlsTerms(
            7,
            TlsMode.REQUIRED,
            TlsReuse.ACCEPTED,
            true,
            ClientCertificates.WANTED,
            new byte[] {1},
            new byte[] {2, 3},
            new byte[][][] {{{4}, {5, 6}}, {{7}}},
            new byte[][] {{8}, {9}}));
  }

  @Test
  void everyMessageArrives() throws ProtocolViolation {
    byte[] some = {1, 2, 3};
    Message[] fromGate = {
      new TlsMessage.SignRequest(1L << 40, 2, 3, SignatureScheme.ED448, some),
      new TlsMessage.TlsStarted(4, some, new byte[] {5}, new byte[0]),
      new TlsMessage.TlsFailed(6, some),
      new TlsMessage.DataProtection(7, true),
      new TlsMessage.DataHandshake(9, true, some),
    };
    for (Message m : fromGate) {
      assertArrives(Role.GATE, Role.MONITOR, m);
    }
    assertArrives(Role.MONITOR, Role.GATE, new TlsMessage.Signed(8, some));
  }

  @Test
  void whatIsToBeSignedIsBounded() {
    byte[] most = new byte[MessageType.Limits.SIGNED_BYTES + 1];
    Message m = new TlsMessage.SignRequest(1, 1, 0, SignatureScheme.ED25519, most);
    assertThrows(IllegalArgumentException.class, () -> Codec.encode(m));
  }
}
