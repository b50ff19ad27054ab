/*
 * Trusted with what clients send before login, passwords included.  It can reach no file, no program and no socket but
 * the clients', and only the monitor can grant a login.
 */
package org.twoftpd.session.gate;

import java.util.Arrays;
import org.twoftpd.session.command.Command;
import org.twoftpd.session.command.CommandTable;
import org.twoftpd.session.command.Tables;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.CommandReader;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/** Talks with one client until it logs in or goes, on a virtual thread of its own. */
final class LoginDialogue {
  /** A client that sends this many unknown commands does not speak FTP. */
  private static final int UNKNOWN_MAX = 10;

  /** A client may send this many commands without trying to log in, far more than any needs. */
  private static final int COMMANDS_MAX = 1000;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final GateMessage.Options options;
  private final ChannelToMonitor monitor;
  private final Client client;
  private final ClientTls tls;
  private final long loginEnds;
  private ControlConnection control;
  private final DialogueReport report;
  private final Pace pace;
  private byte[] user;

  /** The command that is being obeyed. */
  private CommandLine line;

  /** Becomes true when the monitor has granted the login and takes over the client. */
  private boolean handedOver;

  private int commandCount;
  private int unknownCommands;

  LoginDialogue(
      GateMessage.Options options,
      ChannelToMonitor monitor,
      Client client,
      Pace pace,
      ClientTls tls) {
    this.tls = tls;
    this.options = options;
    this.monitor = monitor;
    this.client = client;
    this.pace = pace;
    this.report = new DialogueReport(options, monitor, client.connection());
    this.loginEnds = System.nanoTime() + options.loginSeconds() * NANOS_PER_SECOND;
    talkOver(new ControlConnection(client.fd(), pace, options.idleSeconds()));
  }

  private void talkOver(ControlConnection c) {
    c.watchReplies(report);
    c.endAt(loginEnds, EndReason.LOGIN_TIMEOUT);
    control = c;
  }

  /** Goes on over TLS; what was said in clear is forgotten. */
  void goOnOverTls() throws ConnectionEnded {
    talkOver(tls.startTls(loginEnds, options.idleSeconds()));
    user = null;
  }

  /**
   * Sends the banner and the greeting. A short greeting fits into the socket's buffer, so it can be
   * sent before the dialogue has a thread.
   */
  void sendGreeting() throws ConnectionEnded {
    control.replyLines(220, options.banner());
    control.replyLine(220, new Text("twoftpd server ready."));
    control.reply(220, "Authenticate first.");
    control.flush();
  }

  /**
   * Obeys commands until the client logs in or goes; when it goes, it tells the monitor why.
   *
   * @param greeting whether the dialogue begins with a greeting
   * @param overTls whether it is over TLS from the first byte on
   */
  void run(boolean greeting, boolean overTls) {
    EndReason reason;
    try {
      if (overTls) {
        tls.beginImplicitly();
        goOnOverTls();
      }
      if (greeting) {
        sendGreeting();
      }
      while (!handedOver) {
        obeyNextCommand();
      }
      return;
    } catch (ConnectionEnded e) {
      reason = e.reason();
      Goodbye.say(control, reason);
    } finally {
      control.wipeInput();
    }
    tls.releaseBuffers();
    client.closeDescriptor();
    GateMain.tellMonitor(monitor, new GateMessage.HungUp(client.connection(), reason));
  }

  private void obeyNextCommand() throws ConnectionEnded {
    line = control.nextCommand();
    try {
      awaitTurn();
      obeyCommand();
    } finally {
      line.wipe();
    }
  }

  /** Waits until the client may use another command, and writes out the replies before. */
  private void awaitTurn() throws ConnectionEnded {
    if (++commandCount > COMMANDS_MAX) {
      throw new ConnectionEnded(EndReason.NO_LOGIN);
    }
    long nanos = pace.takeTurn();
    if (nanos > 0) {
      control.flush();
      Pace.sleepNanos(nanos);
    }
  }

  private void obeyCommand() throws ConnectionEnded {
    if (line == CommandReader.TOO_LONG) {
      replyToUnknown(500, CommandTable.LINE_TOO_LONG);
      return;
    }
    report.reportCommand(line);
    Command<LoginDialogue> command = LoginTable.LOGIN.findCommand(line);
    if (command == null) {
      answerOtherCommand(null);
    } else {
      command.obey(this, control, line);
    }
  }

  ControlConnection control() {
    return control;
  }

  void takeUserName(byte[] name) throws ConnectionEnded {
    if (isRefusedInClear()) {
      return;
    }
    user = name;
    control.reply(331, "Send the password.");
  }

  ClientTls tls() {
    return tls;
  }

  /** Whether TLS is offered; where it is not, its commands are not known, and this has said so. */
  boolean hasTls() throws ConnectionEnded {
    if (!tls.isOffered()) {
      replyToUnknown(502, CommandTable.NOT_IMPLEMENTED);
    }
    return tls.isOffered();
  }

  /** True when that may not go on in clear; the client has been told then. */
  private boolean isRefusedInClear() throws ConnectionEnded {
    if (tls.isMissing()) {
      control.reply(530, "TLS is required here: send AUTH TLS first.");
    }
    return tls.isMissing();
  }

  /**
   * Asks the monitor to check the password and waits for its decision.
   *
   * @param password null when the client sent none; this method overwrites it with zeros
   */
  void requestLogin(byte[] password) throws ConnectionEnded {
    byte[] secret = password == null ? new byte[0] : password;
    try {
      if (user == null) {
        control.reply(503, "Send USER first.");
        return;
      }
      byte[] name = user;
      user = null;
      control.flush();
      client.prepareQuestion();
      Message question =
          options.anonymous().isFor(name)
              ? new GateMessage.AnonymousRequest(client.connection(), true, control.copyUnread())
              : new GateMessage.LoginRequest(
                  client.connection(), name, secret, control.copyUnread());
      GateMain.tellMonitor(monitor, question);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
    awaitDecision();
  }

  /**
   * Waits for the decision of the monitor. It reads nothing from the client meanwhile: after a
   * login, what the client sends is for the session.
   */
  private void awaitDecision() throws ConnectionEnded {
    commandCount = 0;
    Refusal refusal = client.awaitDecision();
    if (refusal == null) {
      if (tls.isSecure()) {
        tls.handToRelay();
      } else {
        client.closeDescriptor();
      }
      handedOver = true;
      return;
    }
    Goodbye.refuseLogin(control, refusal);
  }

  /**
   * Answers a command that requires a login. When every client is anonymous, a command that a
   * session knows counts as a login, and the session then answers it.
   */
  void answerOtherCommand(byte[] parameter) throws ConnectionEnded {
    String verb = line.verb();
    if (!Tables.isKnown(verb)) {
      if (OtherProtocols.isVerb(verb)) {
        throw new ConnectionEnded(EndReason.NOT_FTP);
      }
      replyToUnknown(502, CommandTable.NOT_IMPLEMENTED);
    } else if (isRefusedInClear()) {
      return;
    } else if (options.anonymous() == AnonymousMode.EVERYBODY) {
      control.flush();
      client.prepareQuestion();
      byte[] behind = control.copyUnread();
      Text unread = new Text().addName(line.bytes()).add('\n').addRaw(behind);
      GateMain.tellMonitor(
          monitor, new GateMessage.AnonymousRequest(client.connection(), false, unread.toBytes()));
      awaitDecision();
    } else {
      control.reply(530, "Log in first with USER and PASS.");
    }
  }

  private void replyToUnknown(int code, String text) throws ConnectionEnded {
    control.reply(code, text);
    if (++unknownCommands >= UNKNOWN_MAX) {
      throw new ConnectionEnded(EndReason.NOT_FTP);
    }
  }
}
