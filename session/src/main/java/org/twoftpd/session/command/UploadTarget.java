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

/**
 * An upload target is the file that gets the bytes of an upload.
 *
 * @param file the open file
 * @param atomic stores under a hidden name until the upload is complete; null to write in place
 * @param emptyFirst whether the old content is cut off before the first byte
 */
record UploadTarget(FileHandle file, AtomicStore atomic, boolean emptyFirst) {
  /** Receives the bytes. The old content is cut off only here, when there is a data connection. */
  TransferResult receiveBytes(Transfer t, boolean ascii) throws ConnectionEnded {
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

  /** Completes the upload. */
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

  /**
   * Ends an upload that failed. A file that was written in place keeps its bytes, so that the
   * client can resume it.
   */
  void abandon() {
    if (atomic != null) {
      atomic.discard();
    } else {
      try {
        file.close();
      } catch (SystemCallException e) {
        // The upload has failed already, and the reply tells that.
      }
    }
  }
}
