/*
 * Trusted with nothing: what the kernel said of a file at one moment.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFMT;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;

/**
 * The part of statx(2) that FTP has a use for.
 *
 * @param mode type and permissions, inode(7)
 * @param size bytes
 * @param modified seconds since 1970, UTC
 * @param device major number shifted left by 32, and minor number
 */
public record FileStatus(
    int mode, long links, long uid, long gid, long size, long modified, long inode, long device) {

  /** Stands for a file of which the kernel tells nothing but the name. */
  public static final FileStatus UNKNOWN = new FileStatus(0, 0, -1, -1, 0, 0, 0, 0);

  /** How many numbers {@link org.twoftpd.shared.os.Native#statx} tells of a file. */
  public static final int FIELDS = 9;

  /**
   * The status that statx(2) has told.
   *
   * @param fields as {@link org.twoftpd.shared.os.Native#statx} fills them
   */
  public static FileStatus of(long[] fields) {
    return of(fields, 0);
  }

  /**
   * One of the statuses that were told together.
   *
   * @param at where in {@code fields} it begins
   */
  public static FileStatus of(long[] fields, int at) {
    return new FileStatus(
        (int) fields[at],
        fields[at + 1],
        fields[at + 2],
        fields[at + 3],
        fields[at + 4],
        fields[at + 5],
        fields[at + 7],
        fields[at + 8]);
  }

  /** One of the S_IF constants of {@link org.twoftpd.shared.os.FileFlags}. */
  public int type() {
    return mode & S_IFMT;
  }

  /** The twelve bits below the type. */
  public int permissions() {
    return mode & 07777;
  }

  public boolean isDirectory() {
    return type() == S_IFDIR;
  }

  public boolean isRegular() {
    return type() == S_IFREG;
  }

  public boolean isLink() {
    return type() == S_IFLNK;
  }

  boolean isSameFileAs(FileStatus other) {
    return inode == other.inode && device == other.device;
  }
}
