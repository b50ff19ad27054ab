package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.data.Receiver;
import org.twoftpd.session.data.Transfer;
import org.twoftpd.session.data.TransferResult;
import org.twoftpd.session.data.TransferResult.End;
import org.twoftpd.session.fs.AtomicStore;
import org.twoftpd.session.fs.FileHandle;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.SystemCallException;

/** A file that gets bytes, in place or atomically. */
record UploadTarget(FileHandle file, AtomicStore atomic, boolean emptyFirst) {
  /** Takes the bytes; what the file held goes only now that there is a data connection. */
  TransferResult receive(Transfer t, boolean ascii) throws ConnectionEnded {
    try {
      if (emptyFirst && file.size() > 0) {
        file.truncate(0);
      }
    } catch (SystemCallException e) {
      return new TransferResult(End.FILE_FAILED, 0, e.errno());
    }
    Receiver r = new Receiver(t);
    return ascii ? r.receiveText(file.fd()) : r.receiveFile(file.fd());
  }

  /** Ends it well. */
  void commit(Conversation c, VirtualPath path) throws SystemCallException {
    boolean sync = c.options.get(SessionOption.SYNC_STORE);
    if (atomic != null) {
      atomic.commit(sync);
    } else if (sync) {
      file.syncAndClose();
      c.opener.syncDirectory(path.parent());
    } else {
      file.close();
    }
  }

  /** Ends it otherwise: what came in place stays, for a client to resume. */
  void abandon() {
    if (atomic != null) {
      atomic.discard();
    } else {
      try {
        file.close();
      } catch (SystemCallException e) {
        // The upload has failed already, and the client is told of that.
      }
    }
  }
}
