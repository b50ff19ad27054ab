package org.twoftpd.shared.os;

/**
 * Error numbers of Linux (errno(3)), the same on each machine of {@link Arch}, as positive values.
 * Results of {@link Native} are their negatives. The texts go to clients, so they say what a user
 * can do something about, and nothing of the machine.
 */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int EPIPE = 32;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EMSGSIZE = 90;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;
  public static final int ESTALE = 116;
  public static final int EDQUOT = 122;

  private Errno() {}

  /** True when a file could not grow: no space, no quota, or a limit on its size. */
  public static boolean isNoRoom(int errno) {
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  }

  /**
   * True when {@link Native#accept} failed only because there is no connection to be had now: none
   * waits, or the one that did has gone. After any other error, such as too many open files, the
   * next call would fail at once too, so the caller has to pause.
   *
   * @param result of {@link Native#accept} or {@link Native#acceptFrom}
   */
  public static boolean isNoConnection(int result) {
    return result == -EAGAIN || result == -EINTR || result == -ECONNABORTED;
  }

  /**
   * What happened, in words for a reply or a log line; "error N" for a number without words here.
   */
  public static String message(int errno) {
    return switch (errno) {
      case EPERM -> "Operation not permitted";
      case ENOENT -> "No such file or directory";
      case EINTR -> "Interrupted";
      case EIO -> "Input/output error";
      case ENXIO, ENODEV -> "No such device";
      case E2BIG -> "Too many names";
      case EBADF -> "Not open for that";
      case EAGAIN -> "Temporarily not possible";
      case ENOMEM -> "Out of memory";
      case EACCES -> "Permission denied";
      case EBUSY -> "In use";
      case EEXIST -> "File exists";
      case EXDEV -> "On another file system";
      case ENOTDIR -> "Not a directory";
      case EISDIR -> "Is a directory";
      case EINVAL -> "Invalid name or argument";
      case ENFILE, EMFILE -> "Too many open files";
      case ETXTBSY -> "File is being executed";
      case EFBIG -> "File too large";
      case ENOSPC -> "No space left";
      case ESPIPE -> "Not a regular file";
      case EROFS -> "Read-only file system";
      case EMLINK -> "Too many links";
      case EPIPE -> "Connection closed";
      case ENAMETOOLONG -> "Name too long";
      case ENOSYS -> "Not supported";
      case ENOTEMPTY -> "Directory not empty";
      case ELOOP -> "Too many symbolic links";
      case EMSGSIZE -> "Message too long";
      case EAFNOSUPPORT -> "Address family not supported";
      case EADDRINUSE -> "Address in use";
      case EADDRNOTAVAIL -> "Address not available";
      case ENETUNREACH, EHOSTUNREACH -> "Host unreachable";
      case ECONNABORTED, ECONNRESET -> "Connection reset";
      case ETIMEDOUT -> "Timed out";
      case ECONNREFUSED -> "Connection refused";
      case EINPROGRESS -> "In progress";
      case ESTALE -> "Stale file handle";
      case EDQUOT -> "Quota exceeded";
      default -> "Error " + errno;
    };
  }
}
