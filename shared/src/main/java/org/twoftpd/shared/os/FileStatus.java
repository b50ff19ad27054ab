package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFMT;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;

/**
 * What the kernel said of a file at one moment, statx(2).
 *
 * @param mode type and permissions, inode(7)
 * @param size bytes
 * @param modified seconds since 1970, UTC
 * @param modifiedNanos nanoseconds after that second
 * @param device major number shifted left by 32, and minor number
 */
public record FileStatus(
    int mode,
    long links,
    long uid,
    long gid,
    long size,
    long modified,
    int modifiedNanos,
    long inode,
    long device) {

  /** Stands for a file of which the kernel tells nothing but the name. */
  public static final FileStatus UNKNOWN = new FileStatus(0, 0, -1, -1, 0, 0, 0, 0, 0);

  /** How many places of an array {@link Native#statx} fills. */
  public static final int FIELDS = 9;

  private static final byte[] NOTHING = {};

  /**
   * What a name stands for.
   *
   * @param flags AT_SYMLINK_NOFOLLOW for a symbolic link itself, or 0
   */
  public static FileStatus ofName(int directory, byte[] name, int flags)
      throws SystemCallException {
    long[] fields = new long[FIELDS];
    SystemCallException.check(Native.statx(directory, name, flags, fields));
    return fromFields(fields, 0);
  }

  /** As {@link #ofName}, but null when there is nothing of that name. */
  public static FileStatus ifThere(int directory, byte[] name, int flags)
      throws SystemCallException {
    long[] fields = new long[FIELDS];
    int result = Native.statx(directory, name, flags, fields);
    if (result == -Errno.ENOENT) {
      return null;
    }
    SystemCallException.check(result);
    return fromFields(fields, 0);
  }

  /** What a descriptor is open on. */
  public static FileStatus ofDescriptor(int fd) throws SystemCallException {
    return ofName(fd, NOTHING, FileFlags.AT_EMPTY_PATH);
  }

  /**
   * For listings, which have one array for all their calls.
   *
   * @param fields as {@link Native#statx} and {@link Native#statxEach} fill them
   * @param at where in {@code fields} this file begins
   */
  public static FileStatus fromFields(long[] fields, int at) {
    return new FileStatus(
        (int) fields[at],
        fields[at + 1],
        fields[at + 2],
        fields[at + 3],
        fields[at + 4],
        fields[at + 5],
        (int) fields[at + 6],
        fields[at + 7],
        fields[at + 8]);
  }

  /** False when {@link Native#statxEach} has put an error number there. */
  public static boolean isInFields(long[] fields, int at) {
    return fields[at] >= 0;
  }

  /** One of the S_IF constants of {@link FileFlags}. */
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

  /** True when somebody else than the owner may write it. */
  public boolean isWritableByOthers() {
    return (mode & (FileFlags.S_IWGRP | FileFlags.S_IWOTH)) != 0;
  }

  public boolean isSameFileAs(FileStatus other) {
    return inode == other.inode && device == other.device;
  }

  /** The device's number as stat(2) has it and as programs print it. */
  public long deviceNumber() {
    long major = device >>> 32;
    long minor = device & 0xffffffffL;
    return (major & 0xfffff000L) << 32
        | (major & 0xfffL) << 8
        | (minor & 0xffffff00L) << 12
        | minor & 0xffL;
  }
}
