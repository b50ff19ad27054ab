/*
 * Trusted with one logged-in client: it holds what the session knows between commands, and the
 * command classes work on nothing else.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.CommandReader;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.data.DataConnector;
import org.twoftpd.session.fs.FileOpener;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.listing.Facts;
import org.twoftpd.session.listing.StatusHelper;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;

/** Keeps the state of one session, and chooses the command for each line. */
public final class Conversation implements DataConnector.Watcher {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  final ControlConnection control;
  final CommandTable<Conversation> table;
  final FileTree files;
  final FileOpener opener;
  final SessionOptions options;
  final SessionMessage.Assignment account;
  final DataConnector data;
  final MonitorLink monitor;
  final StatusHelper statusHelper;
  final Protection protection;
  final long sessionDeadline;

  VirtualPath directory;
  boolean ascii = true;
  long restartOffset;
  VirtualPath renameFrom;
  boolean epsvAllReceived;

  /**
   * This is the reply to PASV as far as the port, which is the same each time; null before the
   * first PASV.
   */
  Text passiveReply;

  int umask;
  int facts = Facts.ALL;
  long bytesIn;
  long bytesOut;

  /**
   * @param control the control connection
   * @param files what the account may see
   * @param account what the monitor has assigned
   * @param monitor hears what the session reports
   * @param statusHelper asks about many files for a listing
   * @param line to the gate, for a client over TLS; else -1
   */
  public Conversation(
      ControlConnection control,
      FileTree files,
      SessionMessage.Assignment account,
      MonitorLink monitor,
      StatusHelper statusHelper,
      int line) {
    this.control = control;
    this.files = files;
    this.opener = new FileOpener(files);
    this.directory = files.start();
    this.account = account;
    this.options = account.options();
    this.monitor = monitor;
    this.statusHelper = statusHelper;
    this.protection = new Protection(account.tls(), line);
    this.table = Tables.of(account.table());
    this.umask = options.get(SessionOption.UMASK);
    this.data =
        new DataConnector(
            account.peer(),
            account.local(),
            options.get(SessionOption.PASV_PORTS).low(),
            options.get(SessionOption.PASV_PORTS).high(),
            options.connectSeconds(),
            this);
    this.sessionDeadline =
        options.get(SessionOption.SESSION_TIMEOUT) == 0
            ? Long.MAX_VALUE
            : System.nanoTime() + options.get(SessionOption.SESSION_TIMEOUT) * NANOS_PER_SECOND;
    if (options.get(SessionOption.SESSION_TIMEOUT) > 0) {
      control.endAt(sessionDeadline, EndReason.SESSION_TIMEOUT);
    }
    if (options.get(SessionOption.LOGRESPONSES)) {
      control.watchReplies((code, text) ->
          monitor.report(
              new SessionReport.ReplyLine(new Text().add(code).add(" ").add(text).toBytes())));
    }
  }

  /** Answers the login, and then one command after the other. */
  public EndReason serve() {
    EndReason reason = EndReason.QUIT;
    // The monitor must hear this first, since from here on the session reports: replies for the
    // log, or that the client has gone.
    monitor.reportServing();
    try {
      if (account.answersPassword()) {
        control.replyLines(230, options.get(SessionOption.BANNER));
        Navigation.showMessage(this, 230);
        control.reply(230, "Logged in.");
        control.flush();
      }
      while (true) {
        obeyLine(control.nextCommand());
      }
    } catch (ConnectionEnded e) {
      reason = e.reason();
    } catch (RuntimeException | LinkageError e) {
      // A programming error ends this session and no other. The log shows where it happened, and
      // the client does not.
      reason = EndReason.FAILED;
      System.err.println("fault: " + e);
      e.printStackTrace();
    } finally {
      data.reset();
    }
    sayGoodbye(reason);
    monitor.reportEnd(reason, bytesIn, bytesOut);
    return reason;
  }

  private void sayGoodbye(EndReason reason) {
    try {
      switch (reason) {
        case IDLE -> control.reply(421, "Idle for too long. Goodbye.");
        case SESSION_TIMEOUT -> control.reply(421, "The time for this session is over. Goodbye.");
        case FAILED -> control.reply(421, "A fault in the server ends this session. Goodbye.");
        case QUIT,
            CLOSED,
            LOGIN_TIMEOUT,
            ATTEMPTS,
            STALLED,
            NOT_FTP,
            TLS_FAILED,
            TLS_EXPIRED,
            NO_LOGIN,
            ENDED_BY_SERVICE -> {}
      }
      control.flush();
      control.discardInput();
    } catch (ConnectionEnded e) {
      // The client has gone, so nobody is left to read the goodbye.
    }
  }

  private void obeyLine(CommandLine line) throws ConnectionEnded {
    monitor.noteProgress();
    if (line == CommandReader.TOO_LONG) {
      control.reply(500, CommandTable.LINE_TOO_LONG);
      return;
    }
    logRequest(line);
    Command<Conversation> command = table.findCommandQuickly(line);
    if (command == null) {
      control.reply(502, CommandTable.NOT_IMPLEMENTED);
      return;
    }
    if (renameFrom != null && !command.verb().equals("RNTO")) {
      renameFrom = null;
    }
    command.obey(this, control, line);
  }

  /** Sends a command to the log when LOGREQUESTS asks for that. */
  void logRequest(CommandLine line) {
    if (options.get(SessionOption.LOGREQUESTS)) {
      monitor.report(new SessionReport.RequestLine(RequestText.afterLogin(line)));
    }
  }

  /** Resolves a parameter to a path in this session's view. */
  VirtualPath resolvePath(byte[] parameter) throws SystemCallException {
    return directory.resolve(parameter);
  }

  /** Answers 550 with the kernel's error. */
  void replyFailure(SystemCallException e) throws ConnectionEnded {
    control.reply(550, e.getMessage() + ".");
  }

  /**
   * Returns the reply code for a failure to write (RFC 959, 4.2): 552 for a limit, 452 for a full
   * disk, 451 otherwise.
   */
  static int codeForWriteError(int errno) {
    return errno == Errno.EDQUOT || errno == Errno.EFBIG ? 552 : errno == Errno.ENOSPC ? 452 : 451;
  }

  @Override
  public void reportForeigner(Endpoint who) {
    monitor.report(new SessionReport.ForeignDataConnection(who));
  }

  @Override
  public void reportNoPortLeft() {
    monitor.report(new SessionReport.NoPassivePort());
  }

  @Override
  public int openBoundSocket() throws SystemCallException {
    if (options.get(SessionOption.BIND_PORT) == 0) {
      return -1;
    }
    int fd = monitor.requestBoundSocket();
    if (fd < 0) {
      throw new SystemCallException(Errno.EADDRNOTAVAIL);
    }
    return fd;
  }
}
