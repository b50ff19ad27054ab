package org.twoftpd.shared.os;

/**
 * Flags of open(2) and of the calls that end in "at", places of lseek(2), and the bits of a file's
 * mode (inode(7)). Only O_DIRECTORY, O_NOFOLLOW and O_TMPFILE, which has O_DIRECTORY in it, differ
 * between the machines of {@link Arch}.
 */
public final class FileFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 01;
  public static final int O_RDWR = 02;
  public static final int O_ACCMODE = 03;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_PATH = 010000000;
  public static final int O_DIRECTORY = Arch.current().directoryFlag();
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;
  public static final int O_NOFOLLOW = Arch.current().noFollowFlag();

  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_EMPTY_PATH = 0x1000;

  public static final int RENAME_NOREPLACE = 1;

  public static final int SEEK_SET = 0;
  public static final int SEEK_CUR = 1;
  public static final int SEEK_END = 2;

  public static final int R_OK = 4;
  public static final int W_OK = 2;
  public static final int X_OK = 1;

  public static final int S_IFMT = 0170000;
  public static final int S_IFSOCK = 0140000;
  public static final int S_IFLNK = 0120000;
  public static final int S_IFREG = 0100000;
  public static final int S_IFBLK = 0060000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFCHR = 0020000;
  public static final int S_IFIFO = 0010000;
  public static final int S_ISUID = 04000;
  public static final int S_ISGID = 02000;
  public static final int S_ISVTX = 01000;
  public static final int S_IWGRP = 020;
  public static final int S_IWOTH = 02;

  /** The bits of a mode that are more than permissions. */
  public static final int SPECIAL_BITS = S_ISUID | S_ISGID | S_ISVTX;

  private FileFlags() {}
}
