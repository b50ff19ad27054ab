package org.twoftpd.shared.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.EnumSet;
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

/**
 * Row 30 of attacks.txt: whatever a gate or a session sends is a message that it may send, or a
 * violation.
 */
class IncomingMessagesTest {
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 21, 0);

  private static SessionMessage.Assignment assignment() {
    return new SessionMessage.Assignment(
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
        new byte[] {9},
        13);
  }

  @Test
  void everyOptionOfTheGateArrives() throws ProtocolViolation {
    GateMessage.Options options =
        new GateMessage.Options(new byte[] {1, 2}, 3, 4, AnonymousMode.ALSO, true, false);
    IncomingMessages i = inbox(Role.MONITOR, Role.GATE, Codec.encode(options));
    assertArrayEquals(Codec.encode(options), Codec.encode(i.next()));
  }

  @Test
  void aLineOfADialogueIsBounded() throws ProtocolViolation {
    byte[] most = new byte[MessageType.Limits.LINE];
    byte[] more = new byte[most.length + 1];
    IncomingMessages i =
        inbox(
            Role.GATE,
            Role.MONITOR,
            Codec.encode(new GateMessage.ReplyLine(7, most)),
            Codec.encode(new GateMessage.RequestLine(8, most)));
    assertEquals(7, assertInstanceOf(GateMessage.ReplyLine.class, i.next()).connection());
    assertEquals(8, assertInstanceOf(GateMessage.RequestLine.class, i.next()).connection());
    assertThrows(
        IllegalArgumentException.class, () -> Codec.encode(new GateMessage.ReplyLine(7, more)));
    assertThrows(
        IllegalArgumentException.class, () -> Codec.encode(new GateMessage.RequestLine(7, more)));
  }

  @Test
  void everyReportArrivesAsItIs() throws ProtocolViolation {
    byte[] path = {'/', 'a'};
    byte[] none = {};
    SessionReport[] reports = {
      new SessionReport.Transferred(true, path, 1L << 40, 5, true, true, none),
      new SessionReport.Transferred(false, path, 6, 7, false, false, path),
      new SessionReport.Deleted(true, path),
      new SessionReport.Renamed(false, path, new byte[] {'b'}),
      new SessionReport.DirectoryMade(true, path),
      new SessionReport.DirectoryRemoved(false, path),
      new SessionReport.ModeChanged(true, path, 0640),
      new SessionReport.RequestLine(path),
      new SessionReport.ReplyLine(path),
      new SessionReport.ForeignDataConnection(HERE),
      new SessionReport.NoPassivePort(),
    };
    EnumSet<MessageType> types = EnumSet.noneOf(MessageType.class);
    for (SessionReport r : reports) {
      byte[] frame = Codec.encode(r);
      Message m = inbox(Role.SESSION, Role.MONITOR, frame).next();
      assertEquals(r.getClass(), m.getClass());
      assertArrayEquals(frame, Codec.encode(m));
      types.add(r.type());
      assertViolation(Role.GATE, Role.MONITOR, frame);
    }
    assertEquals(SessionReport.class.getPermittedSubclasses().length + 4, types.size());
  }

  @Test
  void aReportHasRoomForTheLongestPaths() throws ProtocolViolation {
    byte[] most = new byte[MessageType.Limits.PATH];
    byte[] more = new byte[most.length + 1];
    byte[] reason = new byte[MessageType.Limits.REASON];
    for (SessionReport r :
        new SessionReport[] {
          new SessionReport.Transferred(true, more, -1, -1, true, true, reason),
          new SessionReport.Deleted(true, more),
          new SessionReport.Renamed(true, more, more),
          new SessionReport.DirectoryMade(true, more),
          new SessionReport.DirectoryRemoved(true, more),
          new SessionReport.ModeChanged(true, more, -1),
          new SessionReport.RequestLine(more),
          new SessionReport.ReplyLine(more),
          new SessionReport.ForeignDataConnection(new Endpoint(new byte[16], 65535, -1)),
        }) {
      byte[] frame = Codec.encode(r);
      assertEquals(r.type().largest(), frame.length - Codec.HEAD, r.type().toString());
      assertEquals(r.getClass(), inbox(Role.SESSION, Role.MONITOR, frame).next().getClass());
    }
  }

  /** A type without a form would be an error of ours that only a peer finds. */
  @Test
  void everyTypeHasAForm() {
    for (MessageType type : MessageType.values()) {
      byte[] body = new byte[type.largest()];
      try {
        assertEquals(type, Codec.decode(type, body, 0, body.length).type());
      } catch (ProtocolViolation e) {
        assertFalse(e.getMessage().contains(type.toString()), e.getMessage());
      }
    }
  }

  private static IncomingMessages inbox(Role from, Role to, byte[]... frames) {
    IncomingMessages i = new IncomingMessages(from, to);
    for (byte[] f : frames) {
      i.put(f, f.length);
    }
    return i;
  }

  @Test
  void everyPartOfAnAssignmentArrives() throws ProtocolViolation {
    IncomingMessages i = inbox(Role.MONITOR, Role.SESSION, Codec.encode(assignment()));
    i.putDescriptor(1000);
    SessionMessage.Assignment m = assertInstanceOf(SessionMessage.Assignment.class, i.next());
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
            new GateMessage.LoginRequest(7, new byte[] {1}, new byte[] {2, 3}, new byte[] {4}));
    byte[] b = Codec.encode(new GateMessage.HungUp(8, EndReason.IDLE));
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    IncomingMessages i = new IncomingMessages(Role.GATE, Role.MONITOR);
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
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new GateMessage.Ready()));
    assertViolation(Role.GATE, Role.MONITOR, Codec.encode(new GateMessage.LoginGranted(1)));
  }

  @Test
  void signsOfLifeGoOneWayEach() throws ProtocolViolation {
    for (boolean moved : new boolean[] {true, false}) {
      IncomingMessages i =
          inbox(Role.SESSION, Role.MONITOR, Codec.encode(new SessionMessage.Pong(moved)));
      assertEquals(new SessionMessage.Pong(moved), i.next());
    }
    assertEquals(
        new SessionMessage.Ping(),
        inbox(Role.MONITOR, Role.SESSION, Codec.encode(new SessionMessage.Ping())).next());
    assertEquals(
        new GateMessage.Ping(),
        inbox(Role.MONITOR, Role.GATE, Codec.encode(new GateMessage.Ping())).next());
    assertEquals(
        new GateMessage.Pong(),
        inbox(Role.GATE, Role.MONITOR, Codec.encode(new GateMessage.Pong())).next());
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new SessionMessage.Ping()));
    assertViolation(Role.SESSION, Role.MONITOR, Codec.encode(new GateMessage.Pong()));
    assertViolation(Role.GATE, Role.MONITOR, Codec.encode(new GateMessage.Ping()));
    byte[] neither = Codec.encode(new SessionMessage.Pong(true));
    neither[Codec.HEAD] = 2;
    assertViolation(Role.SESSION, Role.MONITOR, neither);
  }

  @Test
  void aWrongHeadIsAViolation() {
    byte[] good = Codec.encode(new GateMessage.HungUp(1, EndReason.QUIT));
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
        Codec.encode(
            new GateMessage.LoginRequest(1, new byte[] {1, 2, 3}, new byte[0], new byte[0]));
    f[Codec.HEAD + 8 + 3] = 4;
    assertViolation(Role.GATE, Role.MONITOR, f);
    f[Codec.HEAD + 8 + 3] = 2;
    assertViolation(Role.GATE, Role.MONITOR, f);
    f[Codec.HEAD + 8] = (byte) 0x80;
    assertViolation(Role.GATE, Role.MONITOR, f);
  }

  @Test
  void aMissingDescriptorIsAViolation() {
    assertViolation(
        Role.MONITOR, Role.GATE, Codec.encode(new GateMessage.Connected(1, HERE, HERE, true)));
  }

  @Test
  void anUnexpectedDescriptorIsAViolation() {
    IncomingMessages i = inbox(Role.GATE, Role.MONITOR, Codec.encode(new GateMessage.Ready()));
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
            Codec.encode(
                new GateMessage.LoginRequest(1, new byte[40_000], new byte[0], new byte[0])));
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
      IncomingMessages i = inbox(from, Role.MONITOR, f);
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
