/*
 * Trusted to receive one file and write it: only under a name that the table and the settings
 * allow, and without a promise before the kernel has taken every byte.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.data.TransferResult.End;
import org.twoftpd.session.fs.AtomicStore;
import org.twoftpd.session.fs.FileHandle;
import org.twoftpd.session.fs.StoreMode;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.SessionReport;

/** Carries out STOR, STOU, APPE and ALLO. */
final class Storage {
  private static final byte[] NONE = {};
  private static final int UNIQUE_TRIES = 16;

  private Storage() {}

  /**
   * Opens the file to be written. Returns null when the file ends before the position from which
   * the client wants to go on.
   */
  private interface Opening {
    UploadTarget open(VirtualPath path) throws SystemCallException;
  }

  static void storeFile(Conversation c, byte[] p) throws ConnectionEnded {
    long from = c.restartOffset;
    c.restartOffset = 0;
    if (from > 0) {
      receiveUpload(c, p, path -> openAtOffset(c, path, from));
    } else if (c.options.get(SessionOption.ATOMIC_STORE)) {
      receiveUpload(c, p, path -> openAtomically(c, path, AtomicStore.Target.REPLACE));
    } else {
      receiveUpload(
          c,
          p,
          path -> new UploadTarget(c.opener.openForStoring(path, StoreMode.REPLACE), null, true));
    }
  }

  private static UploadTarget openAtOffset(Conversation c, VirtualPath path, long from)
      throws SystemCallException {
    FileHandle f = c.opener.openForStoring(path, StoreMode.RESUME);
    boolean placed = false;
    try {
      if (from > f.size()) {
        return null;
      }
      f.seek(from);
      placed = true;
      return new UploadTarget(f, null, false);
    } finally {
      if (!placed) {
        f.close();
      }
    }
  }

  private static UploadTarget openAtomically(
      Conversation c, VirtualPath path, AtomicStore.Target target) throws SystemCallException {
    AtomicStore s = c.opener.storeAtomically(path, target, c.umask);
    return new UploadTarget(s.handle(), s, false);
  }

  /** Answers STOR in the drop table, where a name that was used once stays used. */
  static void storeNewFile(Conversation c, byte[] p) throws ConnectionEnded {
    receiveUpload(c, p, path -> openNewFile(c, path, AtomicStore.Target.RESERVE));
  }

  private static UploadTarget openNewFile(
      Conversation c, VirtualPath path, AtomicStore.Target target) throws SystemCallException {
    return c.options.get(SessionOption.ATOMIC_STORE)
        ? openAtomically(c, path, target)
        : new UploadTarget(c.opener.openForStoring(path, StoreMode.CREATE), null, false);
  }

  /**
   * Answers STOU. The 150 and the 226 reply tell the name behind "FILE: ", as RFC 1123, 4.1.2.9
   * says. The 226 reply also tells it in the form in which Perl's Net::FTP looks for it.
   */
  static void storeUniqueFile(Conversation c, byte[] p) throws ConnectionEnded {
    storeUniqueFile(c, p, AtomicStore.Target.CREATE);
  }

  /** Answers STOU in the drop table, where nothing can be deleted. */
  static void storeNewUniqueFile(Conversation c, byte[] p) throws ConnectionEnded {
    storeUniqueFile(c, p, AtomicStore.Target.RESERVE);
  }

  private static void storeUniqueFile(Conversation c, byte[] p, AtomicStore.Target kind)
      throws ConnectionEnded {
    c.restartOffset = 0;
    if (refuseWithoutDataConnection(c)) {
      return;
    }
    for (int i = 0; i < UNIQUE_TRIES; i++) {
      try {
        byte[] stem = p == null ? NONE : c.resolvePath(p).name();
        VirtualPath parent = p == null ? c.directory : c.resolvePath(p).parent();
        VirtualPath path = c.opener.uniqueName(parent, stem);
        UploadTarget target = openNewFile(c, path, kind);
        Text told = ParsedReplies.uniqueName(path.name());
        receiveUpload(c, path, target, told, ParsedReplies.uniqueNameStored(path.name()));
        return;
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EEXIST) {
          c.data.reset();
          replyFailure(c, e);
          return;
        }
      }
    }
    c.data.reset();
    c.control.reply(550, "No unused name was found.");
  }

  static void appendFile(Conversation c, byte[] p) throws ConnectionEnded {
    c.restartOffset = 0;
    receiveUpload(c, p, path -> new UploadTarget(c.opener.openForAppending(path), null, false));
  }

  static void checkRoom(Conversation c, byte[] p) throws ConnectionEnded {
    int end = 0;
    while (end < p.length && p[end] != ' ') {
      end++;
    }
    long n = Ascii.parseNumber(p, 0, end, 10);
    if (n < 0) {
      c.control.reply(501, "The parameter must be a number of bytes.");
      return;
    }
    long most = c.options.get(SessionOption.MAX_FILE_SIZE);
    if (most > 0 && n > most) {
      c.control.reply(552, describeTooLarge(most).add("."));
      return;
    }
    try {
      if (c.opener.freeBytes(c.directory) < n) {
        c.control.reply(552, "There is not enough room on the disk.");
        return;
      }
    } catch (SystemCallException e) {
      // The room on the disk is not known, so the upload may be tried.
    }
    c.control.reply(ParsedReplies.ALLOCATED, "There is enough room on the disk.");
  }

  /** Describes a file that would have more bytes than MAX_FILE_SIZE. */
  static Text describeTooLarge(long most) {
    return new Text("a file may have at most ").add(most).add(" bytes");
  }

  private static void replyFailure(Conversation c, SystemCallException e) throws ConnectionEnded {
    if (Errno.isNoRoom(e.errno())) {
      c.control.reply(Conversation.codeForWriteError(e.errno()), e.getMessage() + ".");
    } else {
      c.replyFailure(e);
    }
  }

  /** Refuses an upload without a data connection, before any file is touched. */
  private static boolean refuseWithoutDataConnection(Conversation c) throws ConnectionEnded {
    if (c.protection.isMissing(c)) {
      return true;
    }
    if (c.data.isSet()) {
      return false;
    }
    c.control.reply(425, "Send PASV or PORT first.");
    return true;
  }

  private static void receiveUpload(Conversation c, byte[] p, Opening opening)
      throws ConnectionEnded {
    if (refuseWithoutDataConnection(c)) {
      return;
    }
    VirtualPath path;
    UploadTarget target;
    try {
      path = c.resolvePath(p);
      target = opening.open(path);
    } catch (SystemCallException e) {
      c.data.reset();
      replyFailure(c, e);
      return;
    }
    if (target == null) {
      c.data.reset();
      c.control.reply(554, "The file ends before that position.");
      return;
    }
    receiveUpload(c, path, target, ParsedReplies.openingToReceive(c.ascii, p), null);
  }

  /**
   * @param more the end of the 226 reply, or null
   */
  private static void receiveUpload(
      Conversation c, VirtualPath path, UploadTarget target, Text announcement, Text more)
      throws ConnectionEnded {
    DataTransfer transfer = new DataTransfer(c, "Upload");
    boolean[] stored = {false};
    try {
      transfer.transferData(
          announcement,
          t -> target.receiveBytes(t, c.ascii),
          result -> {
            if (result.end() == End.DONE) {
              target.commit(c, path);
              stored[0] = true;
            }
            return more;
          });
    } finally {
      if (!stored[0]) {
        target.abandon();
      }
      c.bytesIn += transfer.bytes();
      c.monitor.report(
          new SessionReport.Transferred(
              true,
              path.bytes(),
              transfer.bytes(),
              transfer.millis(),
              c.ascii,
              transfer.wasCut(),
              transfer.failure()));
    }
  }
}
