/*
 * Trusted to decide who gets a session: asks the credential modules, each question on a thread of its own so that a slow
 * module delays nobody else, and makes an account of the answer.
 */
package org.twoftpd.monitor.login;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.twoftpd.monitor.Connection;
import org.twoftpd.monitor.EventLoop;
import org.twoftpd.monitor.cvm.CvmChain;
import org.twoftpd.monitor.cvm.Verdict;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/**
 * Answers the gate's questions about logins. Everything but the asking happens on the loop's
 * thread.
 */
public final class LoginDesk {
  /**
   * A refusal comes no sooner than this, whatever its reason, so that its time tells nothing and
   * guessing is slow.
   */
  private static final long REFUSAL_MILLIS = 1000;

  /** Each has a thread while its modules take their time. */
  static final int MOST_QUESTIONS = 256;

  private static final byte[] NO_DOMAIN = {};

  private final EventLoop loop;

  /** A thread for each question, kept for a while since starting one takes longer than asking. */
  private final ExecutorService asking;

  private final CvmChain chain;
  private final LoginTerms terms;
  private final int attempts;
  private final Decisions decisions;
  private int questions;

  /** Whoever carries the decisions out. */
  public interface Decisions {
    /** A session is to be had. */
    void granted(Login login);

    /** None is; {@code reason} is for the log. */
    void refused(Connection connection, byte[] user, String reason);

    /** The time has come to tell the client. */
    void tellRefusal(Connection connection, Refusal refusal);

    /** A client had gone before its question was answered; it need not be counted any more. */
    void abandoned(Connection connection);

    /** Null, or why a user who may log in may not just now. */
    Refusal limit(Account account);
  }

  /**
   * @param attempts failures after which a connection is closed
   */
  public LoginDesk(
      EventLoop loop, CvmChain chain, LoginTerms terms, int attempts, Decisions decisions) {
    this(loop, chain, terms, attempts, decisions, Executors.defaultThreadFactory());
  }

  LoginDesk(
      EventLoop loop,
      CvmChain chain,
      LoginTerms terms,
      int attempts,
      Decisions decisions,
      ThreadFactory threads) {
    this.asking = Executors.newCachedThreadPool(threads);
    this.loop = loop;
    this.chain = chain;
    this.terms = terms;
    this.attempts = attempts;
    this.decisions = decisions;
  }

  /**
   * A client gave a name and a password; the password is overwritten as soon as it has been asked
   * about.
   */
  public void verify(Connection c, Message.LoginRequest request) {
    long asked = System.nanoTime();
    if (questions >= MOST_QUESTIONS || !begin(() -> ask(c, request, asked))) {
      request.wipe();
      refuse(c, request.user(), "too many questions to credential modules", Refusal.BUSY, asked);
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

  private void ask(Connection c, Message.LoginRequest request, long asked) {
    Verdict verdict;
    try {
      verdict = chain.verify(request.user(), NO_DOMAIN, request.password());
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
    c.asked(false);
    if (c.state() == Connection.State.GONE) {
      decisions.abandoned(c);
      return;
    }
    try {
      answer(c, user, verdict, asked);
    } catch (RuntimeException e) {
      refuse(c, user, "fault: " + e, Refusal.BUSY, asked);
    }
  }

  private void answer(Connection c, byte[] user, Verdict verdict, long asked) {
    switch (verdict) {
      case Verdict.Accepted a -> {
        try {
          grant(c, user, terms.of(Account.of(a.facts()), c, asked));
        } catch (Account.Unusable e) {
          refuse(c, user, e.getMessage(), Refusal.UNUSABLE, asked);
        }
      }
      case Verdict.Refused _ -> {
        Refusal r = c.countFailure() >= attempts ? Refusal.LAST : Refusal.AGAIN;
        refuse(c, user, "wrong credentials", r, asked);
      }
      case Verdict.Unavailable u -> {
        Refusal r = c.countFailure() >= attempts ? Refusal.LAST : Refusal.AGAIN;
        refuse(c, user, u.reason(), r, asked);
      }
    }
  }

  private void grant(Connection c, byte[] user, Login login) {
    Refusal limit = decisions.limit(login.account());
    if (limit == null) {
      decisions.granted(login);
    } else {
      refuse(c, user, "too many sessions of this user", limit, login.asked());
    }
  }

  private void refuse(Connection c, byte[] user, String reason, Refusal refusal, long asked) {
    decisions.refused(c, user, reason);
    long spent = (System.nanoTime() - asked) / 1_000_000;
    loop.after(Math.max(0, REFUSAL_MILLIS - spent), () -> decisions.tellRefusal(c, refusal));
  }

  /**
   * A client wants the anonymous service. Its account is everybody's, so that only the limits of
   * clients hold.
   */
  public void admit(Connection c, boolean answersPassword) {
    decisions.granted(terms.anonymous(c, answersPassword, System.nanoTime()));
  }
}
