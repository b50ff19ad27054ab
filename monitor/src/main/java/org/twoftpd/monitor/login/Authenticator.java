/*
 * Trusted to decide who gets a session: asks the credential modules, each question on a thread of its own so that a slow
 * module delays nobody else, and makes an account of the answer.
 */
package org.twoftpd.monitor.login;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.monitor.cvm.Verdict;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/**
 * Answers the gate's questions about logins. Everything but the asking happens on the loop's
 * thread.
 */
public final class Authenticator {
  /** Each has a thread while its modules take their time. */
  static final int MOST_QUESTIONS = 256;

  private static final byte[] NO_DOMAIN = {};
  private static final byte[] ANONYMOUS = "anonymous".getBytes(StandardCharsets.US_ASCII);

  private final EventLoop loop;

  /** A thread for each question, kept for a while since starting one takes longer than asking. */
  private final ExecutorService asking;

  private final Decisions decisions;
  private int questions;
  private CvmChain chain;
  private LoginOptions terms;
  private int attempts;

  /** Whoever carries the decisions out. */
  public interface Decisions {
    /** A session is to be had. */
    void granted(Login login);

    /**
     * None is.
     *
     * @param reason for the log
     * @param guessed whether that was a wrong password
     * @return how long the answer is to be held back after the question, in milliseconds
     */
    long refused(Connection connection, byte[] user, String reason, boolean guessed);

    /** True when no password is good enough for a client from there just now. */
    boolean sentAway(Connection connection);

    /** The time has come to tell the client. */
    void tellRefusal(Connection connection, Refusal refusal);

    /** A client had gone before its answer was due; it need not be counted any more. */
    void abandoned(Connection connection);

    /** True when a user who may log in has as many sessions as are allowed; then it is logged. */
    boolean tooMany(Connection connection, Account account);
  }

  /**
   * @param attempts failures after which a connection is closed
   */
  public Authenticator(
      EventLoop loop, CvmChain chain, LoginOptions terms, int attempts, Decisions decisions) {
    this(loop, chain, terms, attempts, decisions, Executors.defaultThreadFactory());
  }

  Authenticator(
      EventLoop loop,
      CvmChain chain,
      LoginOptions terms,
      int attempts,
      Decisions decisions,
      ThreadFactory threads) {
    this.asking = Executors.newCachedThreadPool(threads);
    this.loop = loop;
    this.decisions = decisions;
    use(chain, terms, attempts);
  }

  /** Other modules and terms, for the logins that are asked for from now on. */
  public void use(CvmChain newChain, LoginOptions newTerms, int newAttempts) {
    chain = newChain;
    terms = newTerms;
    attempts = newAttempts;
  }

  /**
   * A client gave a name and a password; the password is overwritten as soon as it has been asked
   * about.
   */
  public void verify(Connection c, Message.LoginRequest request) {
    long asked = System.nanoTime();
    if (decisions.sentAway(c)) {
      // Not even the right password: otherwise guessing would go on over connections that are open.
      request.wipe();
      refuse(c, request.user(), "too many failures from its address", Refusal.LAST, asked, false);
      return;
    }
    CvmChain modules = chain;
    if (questions >= MOST_QUESTIONS || !begin(() -> ask(modules, c, request, asked))) {
      request.wipe();
      refuse(
          c,
          request.user(),
          "too many questions to credential modules",
          Refusal.BUSY,
          asked,
          false);
      return;
    }
    questions++;
    c.asked(true);
  }

  /** False when the system gives no thread. */
  private boolean begin(Runnable question) {
    try {
      asking.execute(question);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private void ask(CvmChain modules, Connection c, Message.LoginRequest request, long asked) {
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
    loop.post(() -> answered(c, request.user(), v, asked));
  }

  private void answered(Connection c, byte[] user, Verdict verdict, long asked) {
    questions--;
    try {
      answer(c, user, verdict, asked);
    } catch (RuntimeException e) {
      refuse(c, user, "fault: " + e, Refusal.BUSY, asked, false);
    }
  }

  private void answer(Connection c, byte[] user, Verdict verdict, long asked) {
    // A switch over types would have the first client wait until a class is made for it.
    if (verdict instanceof Verdict.Accepted a) {
      accept(c, user, a, asked);
      return;
    }
    Refusal r = c.countFailure() >= attempts ? Refusal.LAST : Refusal.AGAIN;
    if (verdict instanceof Verdict.Unavailable u) {
      refuse(c, user, u.reason(), r, asked, false);
    } else {
      refuse(c, user, "wrong credentials", r, asked, true);
    }
  }

  private void accept(Connection c, byte[] user, Verdict.Accepted accepted, long asked) {
    c.asked(false);
    if (c.state() == Connection.State.GONE) {
      decisions.abandoned(c);
      return;
    }
    try {
      grant(c, terms.of(Account.of(accepted.facts()), c, asked));
    } catch (Account.Unusable e) {
      // Root's, for instance: nobody is to learn here that this was the right password.
      Refusal r = c.countFailure() >= attempts ? Refusal.LAST : Refusal.AGAIN;
      refuse(c, user, e.getMessage(), r, asked, true);
    }
  }

  private void grant(Connection c, Login login) {
    if (decisions.tooMany(c, login.account())) {
      decisions.tellRefusal(c, Refusal.TOO_MANY);
    } else {
      decisions.granted(login);
    }
  }

  /**
   * A client that does not wait for the answer pays for it all the same: a right password is
   * answered at once, so that hanging up and coming again would be the way to guess without delay.
   */
  private void refuse(
      Connection c, byte[] user, String reason, Refusal refusal, long asked, boolean guessed) {
    long held = decisions.refused(c, user, reason, guessed);
    long spent = (System.nanoTime() - asked) / 1_000_000;
    c.asked(true);
    loop.after(Math.max(0, held - spent), () -> tell(c, refusal));
  }

  private void tell(Connection c, Refusal refusal) {
    c.asked(false);
    if (c.state() == Connection.State.GONE) {
      decisions.abandoned(c);
    } else {
      decisions.tellRefusal(c, refusal);
    }
  }

  /**
   * A client wants the anonymous service. Its account is everybody's, so that only the limits of
   * clients hold.
   */
  public void admit(Connection c, boolean answersPassword) {
    long asked = System.nanoTime();
    if (!terms.haveAnonymous()) {
      // It was there when the client came.
      refuse(c, ANONYMOUS, "no anonymous service any more", Refusal.AGAIN, asked, false);
      return;
    }
    decisions.granted(terms.anonymous(c, answersPassword, asked));
  }
}
