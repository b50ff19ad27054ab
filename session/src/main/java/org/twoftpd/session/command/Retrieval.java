package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.data.Sender;
import org.twoftpd.session.fs.FileHandle;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.SessionReport;

/** Carries out RETR: it opens one file and sends it. */
final class Retrieval {

  private Retrieval() {}

  static void retrieveFile(Conversation c, byte[] p) throws ConnectionEnded {
    long from = c.restartOffset;
    c.restartOffset = 0;
    VirtualPath path;
    FileHandle file;
    try {
      path = c.resolvePath(p);
      file = c.opener.openForReading(path);
    } catch (SystemCallException e) {
      c.data.reset();
      c.replyFailure(e);
      return;
    }
    try {
      if (from > file.size()) {
        c.data.reset();
        c.control.reply(554, "The file ends before that position.");
        return;
      }
      sendFile(c, p, path, file, from);
    } finally {
      try {
        file.close();
      } catch (SystemCallException e) {
        // The file was only read, so no data can be lost here.
      }
    }
  }

  private static void sendFile(
      Conversation c, byte[] name, VirtualPath path, FileHandle file, long from)
      throws ConnectionEnded {
    DataTransfer transfer = new DataTransfer(c, "Download");
    try {
      transfer.transferData(
          ParsedReplies.openingToSend(c.ascii, name, file.size() - from),
          t ->
              c.ascii
                  ? new Sender(t).sendText(file.fd(), from, file.size())
                  : new Sender(t).sendFile(file.fd(), from, file.size()),
          null);
    } finally {
      c.bytesOut += transfer.bytes();
      c.monitor.report(
          new SessionReport.Transferred(
              false,
              path.bytes(),
              transfer.bytes(),
              transfer.millis(),
              c.ascii,
              false,
              transfer.failure()));
    }
  }
}
