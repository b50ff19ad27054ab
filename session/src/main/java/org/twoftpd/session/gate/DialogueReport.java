/*
 * Trusted to leave passwords out of what it reports of a dialogue.  It reports to the monitor, since the gate has no log.
 */
package org.twoftpd.session.gate;

import java.io.IOException;
import org.twoftpd.session.command.RequestText;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.MessageType.Limits;

/**
 * Reports the commands and replies before a login where LOGREQUESTS and LOGRESPONSES ask for it.
 */
final class DialogueReport implements ControlConnection.ReplyWatcher {
  private final GateMessage.Options options;
  private final ChannelToMonitor monitor;
  private final long connection;

  DialogueReport(GateMessage.Options options, ChannelToMonitor monitor, long connection) {
    this.options = options;
    this.monitor = monitor;
    this.connection = connection;
  }

  /** Reports a command, with its password left out, when commands are logged. */
  void reportCommand(CommandLine line) {
    if (options.logRequests()) {
      byte[] text = Limits.cut(RequestText.beforeLogin(line), Limits.LINE);
      send(new GateMessage.RequestLine(connection, text));
    }
  }

  @Override
  public void reportReply(int code, Text text) {
    if (options.logReplies()) {
      byte[] line = new Text().add(code).add(" ").add(text).toBytes();
      send(new GateMessage.ReplyLine(connection, Limits.cut(line, Limits.LINE)));
    }
  }

  private void send(GateMessage line) {
    try {
      monitor.send(line);
    } catch (IOException e) {
      // The monitor is gone. The next question to it fails as well, and that ends the gate.
    }
  }
}
