package org.twoftpd.shared.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.RootKind;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.MessageType.Role;

/** Row 30: whatever a gate or a session sends is a message that it may send, or a violation. */
class InboxTest {
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 21, 0);

  private static Message.Assignment assignment() {
    return new Message.Assignment(
        new byte[] {'u'},
        new byte[] {'g'},
        1000,
        -2,
        new int[] {5, 6},
        new byte[] {'/'},
        Table.ANON,
        SessionOptions.defaults(Table.DROP)
            .with(SessionOption.ROOT, RootKind.LOCKHOME)
            .with(SessionOption.BANNER, new byte[] {1})
            .with(SessionOption.MAX_FILE_SIZE, 1L << 40)
            .with(SessionOption.PASV_PORTS, new PortRange(5, 6))
            .with(SessionOption.ANONYMOUS, AnonymousMode.ALSO),
        HERE,
        new Endpoint(new byte[16], 65535, 7),
        true,
        new byte[] {9});
  }

  @Test
  void everyPartOfTheGatesTermsArrives() throws ProtocolViolation {
    Message.GateTerms terms =
        new Message.GateTerms(new byte[] {1, 2}, 3, 4, AnonymousMode.ALSO, true, false);
    Inbox i = inbox(Role.MONITOR, Role.GATE, Codec.encode(terms));
    assertArrayEquals(Codec.encode(terms), Codec.encode(i.next()));
  }

  @Test
  void aLineOfADialogueIsBounded() throws ProtocolViolation {
    byte[] most = new byte[MessageType.Limits.LINE];
    Inbox i =
        inbox(Role.GATE, Role.MONITOR, Codec.encode(new Message.DialogueLine(7, Deed.REPLY, most)));
    assertEquals(7, assertInstanceOf(Message.DialogueLine.class, i.next()).connection());
    assertThrows(
        IllegalArgumentException.class,
        () -> Codec.encode(new Message.DialogueLine(7, Deed.REPLY, new byte[most.length + 1])));
  }

  private static Inbox inbox(Role from, Role to, byte[]... frames) {
    Inbox i = new Inbox(from, to);
    for (byte[] f : frames) {
      i.put(f, f.length);
    }
    return i;
  }

  @Test
  void everyPartOfAnAssignmentArrives() throws ProtocolViolation {
    Inbox i = inbox(Role.MONITOR, Role.SESSION, Codec.encode(assignment()));
    i.putDescriptor(1000);
    Message.Assignment m = assertInstanceOf(Message.Assignment.class, i.next());
    assertEquals(1000, i.descriptor());
    assertArrayEquals(Codec.encode(assignment()), Codec.encode(m));
    assertEquals(-2, m.gid());
    assertEquals(RootKind.LOCKHOME, m.options().get(SessionOption.ROOT));
    assertEquals(HERE, m.peer());
    assertEquals(7, m.local().scope());
  }

  @Test
  void messagesComeOneByOneHoweverTheyAreCut() throws ProtocolViolation {
    byte[] a =
        Codec.encode(
            new Message.LoginRequest(7, new byte[] {1}, new byte[] {2, 3}, new byte[] {4}));
    byte[] b = Codec.encode(new Message.HungUp(8, HangUp.IDLE));
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    Inbox i = new Inbox(Role.GATE, Role.MONITOR);
    int messages = 0;
    for (byte x : both) {
      i.put(new byte[] {x}, 1);
      messages += i.next() == null ? 0 : 1;
    }
    assertEquals(2, messages);
    assertNull(i.next());
  }

  private static void assertViolation(Role from, Role to, byte[] frame) {
    assertThrows(ProtocolViolation.class, () -> inbox(from, to, frame).next());
  }

  @Test
  void amessageOfAnotherRoleIsAViolation() {
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new Message.GateReady()));
    assertViolation(Role.GATE, Role.MONITOR, Codec.encode(new Message.LoginGranted(1)));
  }

  @Test
  void signsOfLifeGoOneWayEach() throws ProtocolViolation {
    for (boolean moved : new boolean[] {true, false}) {
      Inbox i = inbox(Role.SESSION, Role.MONITOR, Codec.encode(new Message.Pong(moved)));
      assertEquals(new Message.Pong(moved), i.next());
    }
    assertEquals(
        new Message.Ping(),
        inbox(Role.MONITOR, Role.SESSION, Codec.encode(new Message.Ping())).next());
    assertEquals(
        new Message.GatePing(),
        inbox(Role.MONITOR, Role.GATE, Codec.encode(new Message.GatePing())).next());
    assertEquals(
        new Message.GatePong(),
        inbox(Role.GATE, Role.MONITOR, Codec.encode(new Message.GatePong())).next());
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new Message.Ping()));
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new Message.GatePong()));
    assertViolation(Role.GATE, Role.MONITOR, Codec.encode(new Message.GatePing()));
    byte[] neither = Codec.encode(new Message.Pong(true));
    neither[Codec.HEAD] = 2;
    assertViolation(Role.SESSION, Role.MONITOR, neither);
  }

  @Test
  void aWrongHeadIsAViolation() {
    byte[] good = Codec.encode(new Message.HungUp(1, HangUp.QUIT));
    for (int at : new int[] {0, 3, 4, 5}) {
      byte[] bad = good.clone();
      bad[at] ^= 0x40;
      assertViolation(Role.GATE, Role.MONITOR, bad);
    }
  }

  @Test
  void aTooLargeOneIsAViolationBeforeItHasCome() {
    byte[] head = {0x7f, 0, 0, 0, 1, (byte) MessageType.LOGIN_REQUEST.number()};
    assertViolation(Role.GATE, Role.MONITOR, head);
  }

  @Test
  void aPartThatIsLongerThanTheMessageIsAViolation() {
    byte[] f =
        Codec.encode(new Message.LoginRequest(1, new byte[] {1, 2, 3}, new byte[0], new byte[0]));
    f[Codec.HEAD + 8 + 3] = 4;
    assertViolation(Role.GATE, Role.MONITOR, f);
    f[Codec.HEAD + 8 + 3] = 2;
    assertViolation(Role.GATE, Role.MONITOR, f);
    f[Codec.HEAD + 8] = (byte) 0x80;
    assertViolation(Role.GATE, Role.MONITOR, f);
  }

  @Test
  void aMissingDescriptorIsAViolation() {
    assertViolation(Role.MONITOR, Role.GATE, Codec.encode(new Message.Connected(1, HERE, HERE)));
  }

  @Test
  void anUnexpectedDescriptorIsAViolation() {
    Inbox i = inbox(Role.GATE, Role.MONITOR, Codec.encode(new Message.GateReady()));
    i.putDescriptor(1_000_000);
    assertThrows(
        ProtocolViolation.class,
        () -> {
          i.next();
          i.next();
        });
    i.discard();
  }

  @Test
  void whatIsTooLargeToSendIsNotSent() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Codec.encode(new Message.LoginRequest(1, new byte[40_000], new byte[0], new byte[0])));
  }

  /** Nothing but a message or a violation comes of any bytes. */
  @Property
  void anyBytes(@ForAll @Size(max = 64) byte[] tail, @ForAll byte type, @ForAll byte length) {
    byte[] f = new byte[Codec.HEAD + tail.length];
    f[3] = length;
    f[4] = Codec.VERSION;
    f[5] = type;
    System.arraycopy(tail, 0, f, Codec.HEAD, tail.length);
    for (Role from : new Role[] {Role.GATE, Role.SESSION}) {
      Inbox i = inbox(from, Role.MONITOR, f);
      try {
        for (Message m = i.next(); m != null; m = i.next()) {
          assertEquals(from, m.type().from());
        }
      } catch (ProtocolViolation e) {
        // As good an answer.
      }
    }
  }
}
