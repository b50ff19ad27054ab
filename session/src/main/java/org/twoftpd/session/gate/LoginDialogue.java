/*
 * Trusted with what strangers say before login, passwords among it, and with nothing else: it has no file, no program
 * and no socket but theirs, and a login happens only when the monitor says so.
 */
package org.twoftpd.session.gate;

import java.io.IOException;
import java.util.Arrays;
import org.twoftpd.session.command.Tables;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.CommandReader;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/** The table LOGIN, for one client, on a virtual thread of its own. */
final class LoginDialogue {
  private static final int NONSENSE_MAX = 10;

  /** Commands without a login among them: many times what any client says before it logs in. */
  private static final int COMMANDS_MAX = 1000;

  private static final long SECOND = 1_000_000_000L;

  private final GateMessage.Options options;
  private final ChannelToMonitor monitor;
  private final Client client;
  private final ControlConnection control;
  private final DialogueReport report;
  private final Pace pace;
  private byte[] user;
  private int commands;
  private int nonsense;

  LoginDialogue(GateMessage.Options options, ChannelToMonitor monitor, Client client, Pace pace) {
    this.options = options;
    this.monitor = monitor;
    this.client = client;
    this.pace = pace;
    this.control = new ControlConnection(client.fd(), pace, options.idleSeconds());
    this.report = new DialogueReport(options, monitor, client.connection());
    control.watch(report);
    control.endAt(System.nanoTime() + options.loginSeconds() * SECOND, EndReason.LOGIN_TIMEOUT);
  }

  /**
   * Says hello: the first thing, and without waiting, so it is done before the thread is started.
   */
  void greet() throws ConnectionEnded {
    control.replyLines(220, options.banner());
    control.replyLine(220, new Text("twoftpd server ready."));
    control.reply(220, "Authenticate first.");
    control.flush();
  }

  /** Talks until the client has logged in or gone, and tells the monitor which. */
  void run() throws IOException {
    EndReason reason;
    try {
      if (converse()) {
        return;
      }
      reason = EndReason.FAILED;
    } catch (ConnectionEnded e) {
      reason = e.reason();
      sayGoodbye(reason);
    } finally {
      control.wipe();
    }
    client.close();
    monitor.send(new GateMessage.HungUp(client.connection(), reason));
  }

  private void sayGoodbye(EndReason reason) {
    try {
      switch (reason) {
        case LOGIN_TIMEOUT -> control.reply(421, "No login within the time allowed. Goodbye.");
        case IDLE -> control.reply(421, "Idle for too long. Goodbye.");
        case ATTEMPTS -> control.reply(421, "Too many failed logins. Goodbye.");
        case NO_LOGIN -> control.reply(421, "Too many commands without a login. Goodbye.");
        case NOT_FTP -> control.reply(421, "This is an FTP server. Goodbye.");
        case QUIT, CLOSED, SESSION_TIMEOUT, STALLED, ENDED_BY_SERVICE, FAILED -> {}
      }
      control.flush();
      control.discard();
    } catch (ConnectionEnded e) {
      // Nobody is there to be told.
    }
  }

  /** True when the client is the monitor's from here on. */
  private boolean converse() throws ConnectionEnded, IOException {
    while (true) {
      CommandLine line = control.next();
      try {
        awaitTurn();
        if (obey(line)) {
          return true;
        }
      } finally {
        line.wipe();
      }
    }
  }

  /** What has been answered is not kept back for as long as the client has to wait. */
  private void awaitTurn() throws ConnectionEnded {
    if (++commands > COMMANDS_MAX) {
      throw new ConnectionEnded(EndReason.NO_LOGIN);
    }
    long nanos = pace.takeTurn();
    if (nanos > 0) {
      control.flush();
      Pace.sleep(nanos);
    }
  }

  private boolean obey(CommandLine line) throws ConnectionEnded, IOException {
    if (line == CommandReader.TOO_LONG) {
      return nonsense(500, "Line too long: at most " + CommandReader.LINE_MAX + " bytes.");
    }
    report.requested(line);
    byte[] parameter = line.words();
    return switch (line.verb()) {
      case "USER" -> user(line.parameter());
      case "PASS" -> pass(line.parameter());
      case "QUIT" -> {
        if (taken(parameter, false)) {
          control.reply(221, "Goodbye.");
          throw new ConnectionEnded(EndReason.QUIT);
        }
        yield false;
      }
      case "SYST" -> simple(parameter, 215, ParsedReplies.SYSTEM);
      case "NOOP" -> simple(null, 200, "Nothing done.");
      case "HELP" -> help();
      case "FEAT" -> {
        if (taken(parameter, false)) {
          Tables.replyFeatures(control);
        }
        yield false;
      }
      case "OPTS" -> options(parameter);
      case "SITE" -> site(line, parameter);
      case "GET",
          "POST",
          "HEAD",
          "PUT",
          "DELETE",
          "OPTIONS",
          "CONNECT",
          "TRACE",
          "PATCH",
          "PROPFIND",
          "HELO",
          "EHLO",
          "MAIL",
          "RCPT" ->
          throw new ConnectionEnded(EndReason.NOT_FTP);
      default -> other(line);
    };
  }

  private boolean taken(byte[] parameter, boolean needed) throws ConnectionEnded {
    if (parameter == null == needed) {
      control.reply(
          needed ? 504 : 501,
          needed ? "This command needs a parameter." : "This command takes no parameter.");
      return false;
    }
    return true;
  }

  private boolean simple(byte[] parameter, int code, String text) throws ConnectionEnded {
    if (taken(parameter, false)) {
      control.reply(code, text);
    }
    return false;
  }

  private boolean help() throws ConnectionEnded {
    control.replyLine(214, new Text("Before login:"));
    control.rawLine(new Text("USER PASS QUIT SYST NOOP HELP FEAT OPTS SITE"));
    control.reply(214, "After login there is more.");
    return false;
  }

  private boolean options(byte[] parameter) throws ConnectionEnded {
    if (taken(parameter, true)) {
      if (Ascii.says(parameter, "UTF8 ON") || Ascii.says(parameter, "UTF8")) {
        control.reply(200, "Names are bytes here; UTF-8 passes unchanged.");
      } else {
        control.reply(501, "No such option.");
      }
    }
    return false;
  }

  private boolean site(CommandLine line, byte[] parameter) throws ConnectionEnded, IOException {
    if (taken(parameter, true)) {
      if (Ascii.says(parameter, "HELP")) {
        control.reply(214, "SITE commands are for after login.");
      } else {
        return other(line);
      }
    }
    return false;
  }

  private boolean user(byte[] parameter) throws ConnectionEnded {
    if (taken(parameter, true)) {
      user = parameter;
      control.reply(331, "Send the password.");
    }
    return false;
  }

  private boolean pass(byte[] parameter) throws ConnectionEnded, IOException {
    byte[] password = parameter == null ? new byte[0] : parameter;
    try {
      if (user == null) {
        control.reply(503, "Send USER first.");
        return false;
      }
      byte[] name = user;
      user = null;
      control.flush();
      client.ask();
      Message question =
          options.anonymous().isFor(name)
              ? new GateMessage.AnonymousRequest(client.connection(), true, control.unread())
              : new GateMessage.LoginRequest(client.connection(), name, password, control.unread());
      monitor.send(question);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
    return answer();
  }

  /** Waits for the monitor's, and reads nothing meanwhile: if it is yes, that is the session's. */
  private boolean answer() throws ConnectionEnded {
    commands = 0;
    Refusal refusal = client.await();
    if (refusal == null) {
      client.close();
      return true;
    }
    switch (refusal) {
      case AGAIN -> control.reply(530, "Not logged in.");
      case LAST -> {
        control.reply(530, "Not logged in.");
        throw new ConnectionEnded(EndReason.ATTEMPTS);
      }
      case BUSY -> {
        control.reply(421, "The service is too busy. Try again later.");
        throw new ConnectionEnded(EndReason.FAILED);
      }
      case TOO_MANY -> {
        control.reply(421, "Too many sessions of this account (MAX_PER_USER). Try again later.");
        throw new ConnectionEnded(EndReason.FAILED);
      }
    }
    return false;
  }

  private boolean other(CommandLine line) throws ConnectionEnded, IOException {
    boolean known = Tables.isKnown(line.verb());
    if (known && options.anonymous() == AnonymousMode.EVERYBODY) {
      control.flush();
      client.ask();
      byte[] behind = control.unread();
      Text unread = new Text();
      unread.addName(line.text()).addByte('\n').addRaw(behind, 0, behind.length);
      monitor.send(new GateMessage.AnonymousRequest(client.connection(), false, unread.toBytes()));
      return answer();
    }
    if (known) {
      control.reply(530, "Log in first with USER and PASS.");
      return false;
    }
    return nonsense(502, "Command not implemented.");
  }

  private boolean nonsense(int code, String text) throws ConnectionEnded {
    control.reply(code, text);
    if (++nonsense >= NONSENSE_MAX) {
      throw new ConnectionEnded(EndReason.NOT_FTP);
    }
    return false;
  }
}
