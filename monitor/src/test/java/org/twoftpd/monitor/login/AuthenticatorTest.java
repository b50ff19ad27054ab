/*
 * Row 28 of attacks.txt: more questions than can be asked, from a gate that asks and hangs up, and a system that gives no more threads.
 */
package org.twoftpd.monitor.login;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.cvm.Chains;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.monitor.limits.Penalties;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.log.ClientEvent;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Refusal;

@Timeout(60)
class AuthenticatorTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {127, 0, 0, 1}, 1, 0);

  @TempDir Path directory;

  private final EventLoop loop;
  private final Decided decided = new Decided();

  AuthenticatorTest() throws SystemCallException {
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    Thread.ofPlatform().daemon().start(loop::run);
  }

  /** What was decided and logged, all on the loop's thread. */
  private static final class Decided implements Consumer<Decision> {
    static final long HELD_MILLIS = Penalties.FIRST_MILLIS;

    final List<String> reasons = new ArrayList<>();
    final List<Refusal> told = new ArrayList<>();
    int abandoned;

    @Override
    public void accept(Decision decision) {
      switch (decision) {
        case Decision.Granted _ -> throw new AssertionError();
        case Decision.Refused refused -> told.add(refused.answer());
        case Decision.Abandoned _ -> abandoned++;
      }
    }

    void log(Share whose, Event event) {
      assertEquals(Share.failures(PEER), whose);
      reasons.add(((ClientEvent.LoginFailed) event).reason());
    }
  }

  private <T> T onTheLoop(Callable<T> what) throws Exception {
    FutureTask<T> task = new FutureTask<>(what);
    loop.post(task);
    return task.get(30, TimeUnit.SECONDS);
  }

  private Authenticator authenticator(ThreadFactory threads) {
    CvmChain silent = Chains.local(directory.resolve("silent"), Duration.ofSeconds(3));
    Authenticator authenticator =
        new Authenticator(
            loop,
            new Penalties(0, 1, List.of()),
            new UnauthenticatedLog(loop, decided::log),
            decided,
            threads);
    authenticator.use(silent, null, 3);
    return authenticator;
  }

  private Connection ask(Authenticator authenticator, byte[] password) throws Exception {
    Connection c = new Connection(1, -1, PEER, PEER, null);
    c.moveTo(Connection.State.LOGIN_ASKED);
    onTheLoop(() -> {
      authenticator.checkPassword(
          c, new GateMessage.LoginRequest(1, new byte[] {'u'}, password, new byte[0]));
      return null;
    });
    return c;
  }

  @Test
  void questionsAreBoundedAndCountUntilTheyAreAnswered() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(directory.resolve("silent")), 30);
      Authenticator authenticator = authenticator(Executors.defaultThreadFactory());
      List<Connection> clients = new ArrayList<>();
      for (int i = 0; i < Authenticator.MOST_QUESTIONS; i++) {
        clients.add(ask(authenticator, new byte[] {'p'}));
      }
      assertEquals(List.of(), onTheLoop(() -> List.copyOf(decided.reasons)));
      byte[] password = {'p'};
      Connection late = ask(authenticator, password);
      assertTrue(late.isAwaitingAnswer());
      assertArrayEquals(new byte[1], password);
      assertEquals(
          List.of("too many questions to credential modules"),
          onTheLoop(() -> List.copyOf(decided.reasons)));
      // They all hang up; the questions go on, and count.
      onTheLoop(() -> {
        clients.forEach(Connection::release);
        return null;
      });
      assertTrue(clients.stream().allMatch(Connection::isAwaitingAnswer));
      for (int i = 0;
          i < 500 && onTheLoop(() -> decided.abandoned) < Authenticator.MOST_QUESTIONS;
          i++) {
        Thread.sleep(20);
      }
      assertEquals(Authenticator.MOST_QUESTIONS, onTheLoop(() -> decided.abandoned));
      assertEquals(List.of(Refusal.BUSY), onTheLoop(() -> List.copyOf(decided.told)));
      assertTrue(ask(authenticator, new byte[] {'p'}).isAwaitingAnswer());
    }
  }

  @Test
  void withoutAThreadTheClientIsTold() throws Exception {
    Authenticator authenticator =
        authenticator(_ -> {
          throw new OutOfMemoryError("unable to create native thread");
        });
    byte[] password = {'p'};
    Connection c = ask(authenticator, password);
    assertTrue(c.isAwaitingAnswer());
    assertArrayEquals(new byte[1], password);
    for (int i = 0; i < 500 && onTheLoop(decided.told::isEmpty); i++) {
      Thread.sleep(20);
    }
    assertEquals(List.of(Refusal.BUSY), onTheLoop(() -> List.copyOf(decided.told)));
    assertFalse(c.isAwaitingAnswer());
  }

  /** Hanging up instead of waiting must neither hide a guess nor make room for the next one. */
  @Test
  void whoHangsUpIsCountedUntilTheAnswerIsDue() throws Exception {
    // Nobody listens, so that it is known at once that nothing can be known.
    Authenticator authenticator = authenticator(Executors.defaultThreadFactory());
    long start = System.nanoTime();
    Connection c = ask(authenticator, new byte[] {'p'});
    onTheLoop(() -> {
      c.release();
      return null;
    });
    for (int i = 0; i < 500 && onTheLoop(() -> decided.abandoned) == 0; i++) {
      Thread.sleep(20);
    }
    assertEquals(1, onTheLoop(() -> decided.abandoned));
    assertTrue(System.nanoTime() - start >= Decided.HELD_MILLIS * 1_000_000L);
    assertEquals(1, onTheLoop(decided.reasons::size));
    assertEquals(List.of(), onTheLoop(() -> List.copyOf(decided.told)));
    assertFalse(c.isAwaitingAnswer());
  }
}
