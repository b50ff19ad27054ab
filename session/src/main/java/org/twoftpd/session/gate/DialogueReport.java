/*
 * Trusted to report a dialogue without its passwords: the gate has no log, so it tells the monitor.
 */
package org.twoftpd.session.gate;

import java.io.IOException;
import java.util.Arrays;
import org.twoftpd.session.command.RequestText;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.Deed;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Limits;

/** What LOGREQUESTS and LOGRESPONSES want to know of one client that has not logged in. */
final class DialogueReport implements ControlConnection.ReplyWatcher {
  private final Message.GateTerms terms;
  private final ChannelToMonitor monitor;
  private final long connection;

  DialogueReport(Message.GateTerms terms, ChannelToMonitor monitor, long connection) {
    this.terms = terms;
    this.monitor = monitor;
    this.connection = connection;
  }

  /** A command has come. */
  void requested(CommandLine line) {
    if (terms.logRequests()) {
      tell(Deed.REQUEST, RequestText.beforeLogin(line));
    }
  }

  @Override
  public void replied(int code, Text text) {
    if (terms.logReplies()) {
      tell(Deed.REPLY, new Text().add(code).add(" ").add(text).toBytes());
    }
  }

  private void tell(Deed deed, byte[] text) {
    byte[] cut = text.length > Limits.LINE ? Arrays.copyOf(text, Limits.LINE) : text;
    try {
      monitor.send(new Message.DialogueLine(connection, deed, cut));
    } catch (IOException e) {
      // The monitor is gone, which the next question to it finds out.
    }
  }
}
