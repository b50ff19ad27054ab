/*
 * Trusted with the file that log analysers read: it has one line for each transfer, and no client can forge a field.
 */
package org.twoftpd.shared.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.TrustedPath;
import org.twoftpd.shared.text.SafeText;

/** A log of transfers in the format of wu-ftpd, xferlog(5). */
public final class TransferLog {
  private static final int MODE = 0640;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private final String path;
  private int fd;

  /**
   * One transfer.
   *
   * @param at when it ended
   * @param upload else it was a download
   * @param ascii else it was binary
   * @param anonymous whether the user gave no credentials
   * @param complete whether all of it arrived
   */
  public record Entry(
      Instant at,
      long millis,
      Endpoint peer,
      long bytes,
      byte[] path,
      boolean ascii,
      boolean upload,
      boolean anonymous,
      byte[] user,
      boolean complete) {}

  private TransferLog(String path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /**
   * Opens or creates the file.
   *
   * @throws IOException saying what is wrong with it or with a directory on the way, see {@link
   *     TrustedPath}: also for a symbolic link and for what is not a regular file
   */
  public static TransferLog open(String path) throws IOException {
    return new TransferLog(path, openFile(path));
  }

  private static int openFile(String path) throws IOException {
    try (TrustedPath p = TrustedPath.findItself(path)) {
      return p.open(FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_APPEND, MODE);
    }
  }

  /**
   * Opens the file of that name again, which is another one after a rotation.
   *
   * @throws IOException when there is none to be had; the old one is kept then
   */
  public void reopen() throws IOException {
    int next = openFile(path);
    int old;
    synchronized (this) {
      old = fd;
      fd = next;
    }
    Native.close(old);
  }

  /**
   * Writes one line, whole or not at all.
   *
   * @return false when the file system has no room for it
   */
  public synchronized boolean write(Entry entry) {
    byte[] line = line(entry);
    int n = Native.write(fd, line, 0, line.length);
    if (n > 0 && n < line.length) {
      // Nobody else writes to this file, so the half of the line that was written can be cut off.
      Native.ftruncate(fd, Native.lseek(fd, 0, FileFlags.SEEK_END) - n);
    }
    return n == line.length;
  }

  static byte[] line(Entry e) {
    return line(e, ZoneId.systemDefault());
  }

  static byte[] line(Entry e, ZoneId zone) {
    String text =
        TIME.format(e.at.atZone(zone))
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

  /** The bytes as they are, with an underscore for each that would end a field or a line. */
  private static String word(byte[] value) {
    if (value.length == 0) {
      return "_";
    }
    byte[] safe = SafeText.mask(value, '_');
    return new String(safe, StandardCharsets.ISO_8859_1).replace(' ', '_');
  }
}
