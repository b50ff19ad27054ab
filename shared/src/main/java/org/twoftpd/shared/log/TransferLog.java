/*
 * Trusted with the file that log analysers read: one line for each transfer, whose fields no client can forge.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** A log of transfers in the format of wu-ftpd, xferlog(5). From one thread. */
public final class TransferLog {
  private static final int MODE = 0640;
  private static final int SEEK_END = 2;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private final byte[] path;
  private int fd;

  /**
   * One transfer.
   *
   * @param at when it ended, in the time zone of the log
   * @param upload else it was a download
   * @param ascii else it was binary
   * @param anonymous whether the user gave no credentials
   * @param complete whether all of it arrived
   */
  public record Entry(
      ZonedDateTime at,
      long millis,
      Endpoint peer,
      long bytes,
      byte[] path,
      boolean ascii,
      boolean upload,
      boolean anonymous,
      byte[] user,
      boolean complete) {}

  private TransferLog(byte[] path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /**
   * Opens or creates the file.
   *
   * @throws SystemCallException also for a symbolic link, which whoever may write to the directory
   *     could have made, and for what is not a regular file
   */
  public static TransferLog open(String path) throws SystemCallException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    return new TransferLog(name, open(name));
  }

  private static int open(byte[] path) throws SystemCallException {
    int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_APPEND | FileFlags.O_NOFOLLOW;
    int fd = SystemCallException.check(Native.openat(FileFlags.AT_FDCWD, path, flags, MODE));
    long[] status = new long[9];
    int r = Native.statx(fd, new byte[0], FileFlags.AT_EMPTY_PATH, status);
    if (r < 0 || ((int) status[0] & FileFlags.S_IFMT) != FileFlags.S_IFREG) {
      Native.close(fd);
      throw new SystemCallException(r < 0 ? -r : org.twoftpd.shared.os.Errno.ESPIPE);
    }
    return fd;
  }

  /**
   * Opens the file of that name again, which is another one after a rotation.
   *
   * @throws SystemCallException when there is none to be had; the old one is kept then
   */
  public void reopen() throws SystemCallException {
    int next = open(path);
    Native.close(fd);
    fd = next;
  }

  /** Writes one line, or nothing at all and false when the file system has no room for it. */
  public boolean write(Entry entry) {
    byte[] line = line(entry);
    int n = Native.write(fd, line, 0, line.length);
    if (n > 0 && n < line.length) {
      // The next line would go on behind half of this one, which nobody else writes to.
      Native.ftruncate(fd, Native.lseek(fd, 0, SEEK_END) - n);
    }
    return n == line.length;
  }

  static byte[] line(Entry e) {
    String text =
        TIME.format(e.at)
            + " "
            + Math.max(1, (e.millis + 500) / 1000)
            + " "
            + e.peer.host()
            + " "
            + e.bytes
            + " "
            + word(e.path)
            + (e.ascii ? " a _ " : " b _ ")
            + (e.upload ? "i " : "o ")
            + (e.anonymous ? "a ? " : "r " + word(e.user) + " ")
            + "ftp 0 * "
            + (e.complete ? "c\n" : "i\n");
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The bytes as they are, but that what would end a field or a line is an underscore. */
  private static String word(byte[] value) {
    if (value.length == 0) {
      return "_";
    }
    byte[] safe = new byte[value.length];
    for (int i = 0; i < safe.length; i++) {
      int c = value[i] & 0xff;
      safe[i] = c <= ' ' || c == 0x7f ? (byte) '_' : value[i];
    }
    return new String(safe, StandardCharsets.ISO_8859_1);
  }
}
