/*
 * Trusted to decide who gets a session, and with each password until the credential modules have been asked about it: then
 * it is overwritten.
 */
package org.twoftpd.monitor.login;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.monitor.cvm.Verdict;
import org.twoftpd.monitor.limits.Penalties;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Refusal;

/**
 * Answers the gate's questions about logins: asks the credential modules and makes an account of
 * their answer. Each question has a thread of its own, so that a slow module delays nobody else;
 * everything but the asking happens on the loop's thread.
 */
public final class Authenticator {
  /** So many questions are asked at a time, since each has a thread while its modules think. */
  static final int MOST_QUESTIONS = 256;

  private static final byte[] NO_DOMAIN = {};
  private static final byte[] ANONYMOUS = "anonymous".getBytes(StandardCharsets.US_ASCII);

  private final EventLoop loop;
  private final Penalties penalties;
  private final UnauthenticatedLog log;
  private final Consumer<Decision> decided;

  /** Threads are kept for a while, since starting one takes longer than asking. */
  private final ExecutorService askers;

  private int questions;
  private CvmChain chain;
  private LoginOptions options;
  private int attempts;

  /**
   * @param penalties says how long a refusal is held back, and who is refused whatever it knows
   * @param attempts after so many failures the gate closes a connection
   * @param decided is told each decision, on the loop's thread
   */
  public Authenticator(
      EventLoop loop,
      Penalties penalties,
      UnauthenticatedLog log,
      CvmChain chain,
      LoginOptions options,
      int attempts,
      Consumer<Decision> decided) {
    this(loop, penalties, log, decided, Executors.defaultThreadFactory());
    use(chain, options, attempts);
  }

  Authenticator(
      EventLoop loop,
      Penalties penalties,
      UnauthenticatedLog log,
      Consumer<Decision> decided,
      ThreadFactory threads) {
    this.loop = loop;
    this.penalties = penalties;
    this.log = log;
    this.decided = decided;
    this.askers = Executors.newCachedThreadPool(threads);
  }

  /** Uses other modules and options for the logins that are asked for from now on. */
  public void use(CvmChain newChain, LoginOptions newOptions, int newAttempts) {
    chain = newChain;
    options = newOptions;
    attempts = newAttempts;
  }

  /**
   * Checks the name and the password that a client has given.
   *
   * @param request its password is overwritten before the decision is made
   */
  public void checkPassword(Connection c, GateMessage.LoginRequest request) {
    long askedAt = System.nanoTime();
    if (penalties.sendsAway(c.peer(), askedAt)) {
      // Even the right password is refused: guessing would go on over open connections otherwise.
      request.wipe();
      refuse(c, request.user(), "too many failures from its address", Refusal.LAST, askedAt);
      return;
    }
    CvmChain modules = chain;
    if (questions >= MOST_QUESTIONS || !startAsking(() -> ask(modules, c, request, askedAt))) {
      request.wipe();
      refuse(c, request.user(), "too many questions to credential modules", Refusal.BUSY, askedAt);
      return;
    }
    questions++;
    c.setAwaitingAnswer(true);
  }

  /** Returns false when the system gives no thread. */
  private boolean startAsking(Runnable question) {
    try {
      askers.execute(question);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /** Runs on a thread of its own, for as long as the modules take. */
  private void ask(CvmChain modules, Connection c, GateMessage.LoginRequest request, long askedAt) {
    Verdict verdict;
    try {
      verdict = modules.verify(request.user(), NO_DOMAIN, request.password());
    } catch (RuntimeException | Error e) {
      // A client must never be left without an answer.
      verdict = new Verdict.Unavailable("fault: " + e);
    } finally {
      request.wipe();
    }
    Verdict v = verdict;
    loop.post(() -> takeVerdict(c, request.user(), v, askedAt));
  }

  private void takeVerdict(Connection c, byte[] user, Verdict verdict, long askedAt) {
    questions--;
    try {
      decide(c, user, verdict, askedAt);
    } catch (RuntimeException e) {
      refuse(c, user, "fault: " + e, Refusal.BUSY, askedAt);
    }
  }

  private void decide(Connection c, byte[] user, Verdict verdict, long askedAt) {
    // The virtual machine makes a class for a switch over types, and the first client would wait.
    if (verdict instanceof Verdict.Accepted a) {
      accept(c, user, a, askedAt);
    } else if (verdict instanceof Verdict.Unavailable u) {
      refuse(c, user, u.reason(), countFailure(c), askedAt);
    } else {
      refuseGuess(c, user, "wrong credentials", countFailure(c), askedAt);
    }
  }

  private Refusal countFailure(Connection c) {
    return c.countFailure() >= attempts ? Refusal.LAST : Refusal.AGAIN;
  }

  private void accept(Connection c, byte[] user, Verdict.Accepted accepted, long askedAt) {
    c.setAwaitingAnswer(false);
    if (c.state() == Connection.State.GONE) {
      decided.accept(new Decision.Abandoned(c));
      return;
    }
    Login login;
    try {
      login = options.loginOf(Account.of(accepted.facts()), c, askedAt);
    } catch (Account.Unusable e) {
      // It is root's account, for instance. It counts as a guess, so that nobody learns here that
      // this was the right password.
      refuseGuess(c, user, e.getMessage(), countFailure(c), askedAt);
      return;
    }
    decided.accept(new Decision.Granted(login));
  }

  /** Refuses a login for a reason that says nothing about the password. */
  private void refuse(Connection c, byte[] user, String reason, Refusal answer, long askedAt) {
    log.failed(c.peer(), user, reason);
    answerLater(c, answer, askedAt, Penalties.FIRST_MILLIS);
  }

  /** Refuses a login whose password was wrong, which costs the client's address a penalty. */
  private void refuseGuess(Connection c, byte[] user, String reason, Refusal answer, long askedAt) {
    log.failed(c.peer(), user, reason);
    answerLater(c, answer, askedAt, penalties.countFailure(c.peer(), System.nanoTime()));
  }

  /**
   * Holds an answer back. A client that hangs up meanwhile is counted until then all the same: a
   * right password is answered at once, so that hanging up and coming again would be the way to
   * guess without delay.
   *
   * @param heldMillis how long after the question the answer is due
   */
  private void answerLater(Connection c, Refusal answer, long askedAt, long heldMillis) {
    long spent = (System.nanoTime() - askedAt) / 1_000_000;
    c.setAwaitingAnswer(true);
    loop.runAfter(Math.max(0, heldMillis - spent), () -> answer(c, answer));
  }

  private void answer(Connection c, Refusal answer) {
    c.setAwaitingAnswer(false);
    decided.accept(
        c.state() == Connection.State.GONE
            ? new Decision.Abandoned(c)
            : new Decision.Refused(c, answer));
  }

  /**
   * Admits a client to the anonymous service. Its account is everybody's, so that no limit of
   * sessions for each user holds.
   *
   * @param answersPassword whether the client waits for the answer to a PASS
   */
  public void admitAnonymous(Connection c, boolean answersPassword) {
    long askedAt = System.nanoTime();
    if (!options.offersAnonymous()) {
      // There was an anonymous service when the client came.
      refuse(c, ANONYMOUS, "no anonymous service any more", Refusal.AGAIN, askedAt);
      return;
    }
    decided.accept(new Decision.Granted(options.anonymousLogin(c, answersPassword, askedAt)));
  }
}
