package org.twoftpd.shared.wire;

import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.MessageType.Limits;

/**
 * Session to monitor: something worth a line in the log. Paths are in the session's own view; paths
 * and lines that are longer than the log has room for are cut.
 */
public sealed interface SessionReport extends SessionMessage {
  /** How many bytes of it the client or the session has chosen. */
  default int length() {
    return 0;
  }

  /** A change of the file system other than by a transfer, done or tried. */
  sealed interface Change extends SessionReport {
    /** False when it was tried and could not be done. */
    boolean succeeded();

    /** What was to be changed. */
    byte[] path();

    @Override
    default int length() {
      return path().length;
    }
  }

  /**
   * A transfer is over.
   *
   * @param upload true for a file that came in, false for one that went out
   * @param path in the session's own view
   * @param bytes how many were moved
   * @param ascii whether its type was ASCII
   * @param cut whether an upload ended without the client's having said that it was all, and was
   *     taken nevertheless (TLS_STRICT_EOF)
   * @param failure why it failed, at most {@link MessageType.Limits#REASON} bytes; empty when it
   *     did not
   */
  record Transferred(
      boolean upload,
      byte[] path,
      long bytes,
      long millis,
      boolean ascii,
      boolean cut,
      byte[] failure)
      implements SessionReport {
    /** Cuts what is too long. */
    public Transferred {
      path = Limits.cut(path, Limits.PATH);
    }

    /** True when the whole file is where it was to go. */
    public boolean succeeded() {
      return failure.length == 0;
    }

    @Override
    public int length() {
      return path.length + failure.length;
    }

    @Override
    public MessageType type() {
      return MessageType.TRANSFERRED;
    }
  }

  /** A file was deleted, or could not be. */
  record Deleted(boolean succeeded, byte[] path) implements Change {
    /** Cuts what is too long. */
    public Deleted {
      path = Limits.cut(path, Limits.PATH);
    }

    @Override
    public MessageType type() {
      return MessageType.DELETED;
    }
  }

  /**
   * A file or a directory was renamed, or could not be.
   *
   * @param path the old name
   * @param target the new name
   */
  record Renamed(boolean succeeded, byte[] path, byte[] target) implements Change {
    /** Cuts what is too long. */
    public Renamed {
      path = Limits.cut(path, Limits.PATH);
      target = Limits.cut(target, Limits.PATH);
    }

    @Override
    public int length() {
      return path.length + target.length;
    }

    @Override
    public MessageType type() {
      return MessageType.RENAMED;
    }
  }

  /** A directory was made, or could not be. */
  record DirectoryMade(boolean succeeded, byte[] path) implements Change {
    /** Cuts what is too long. */
    public DirectoryMade {
      path = Limits.cut(path, Limits.PATH);
    }

    @Override
    public MessageType type() {
      return MessageType.DIRECTORY_MADE;
    }
  }

  /** A directory was removed, or could not be. */
  record DirectoryRemoved(boolean succeeded, byte[] path) implements Change {
    /** Cuts what is too long. */
    public DirectoryRemoved {
      path = Limits.cut(path, Limits.PATH);
    }

    @Override
    public MessageType type() {
      return MessageType.DIRECTORY_REMOVED;
    }
  }

  /**
   * Session to monitor: permissions were changed, or could not be.
   *
   * @param mode the new ones, chmod(2)
   */
  record ModeChanged(boolean succeeded, byte[] path, int mode) implements Change {
    /** Cuts what is too long. */
    public ModeChanged {
      path = Limits.cut(path, Limits.PATH);
    }

    @Override
    public MessageType type() {
      return MessageType.MODE_CHANGED;
    }
  }

  /** Where the options want it: a command that the client gave, for the log. */
  record RequestLine(byte[] text) implements SessionReport {
    /** Cuts what is too long. */
    public RequestLine {
      text = Limits.cut(text, Limits.LINE);
    }

    @Override
    public int length() {
      return text.length;
    }

    @Override
    public MessageType type() {
      return MessageType.REQUEST_LINE;
    }
  }

  /** Where the options want it: a reply that the client got, for the log. */
  record ReplyLine(byte[] text) implements SessionReport {
    /** Cuts what is too long. */
    public ReplyLine {
      text = Limits.cut(text, Limits.LINE);
    }

    @Override
    public int length() {
      return text.length;
    }

    @Override
    public MessageType type() {
      return MessageType.REPLY_LINE;
    }
  }

  /** Somebody else than the client connected to a passive port. */
  record ForeignDataConnection(Endpoint from) implements SessionReport {
    @Override
    public MessageType type() {
      return MessageType.FOREIGN_DATA_CONNECTION;
    }
  }

  /** All ports of PASV_PORTS were in use. */
  record NoPassivePort() implements SessionReport {
    @Override
    public MessageType type() {
      return MessageType.NO_PASSIVE_PORT;
    }
  }
}
