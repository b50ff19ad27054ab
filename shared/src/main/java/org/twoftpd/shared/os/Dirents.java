package org.twoftpd.shared.os;

/**
 * The entries of a directory as getdents64(2) gives them, "." and ".." among them, in the kernel's
 * order. An entry's name stays in the buffer and is good until {@link #next}: a directory of a
 * hundred thousand names costs no object for each.
 */
public final class Dirents {
  /** As much as one call takes. */
  public static final int BUFFER_SIZE = 65_536;

  // struct linux_dirent64: inode and offset of 8 bytes each, then these.
  private static final int RECORD_LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  private static final byte DT_UNKNOWN = 0;
  private static final byte DT_DIR = 4;
  private static final byte DT_LNK = 10;

  private final int fd;
  private final byte[] buffer;
  private int filled;
  private int next;
  private int record;
  private int nameLength;

  /**
   * @param fd a directory that is open for reading; the caller closes it
   * @param buffer lent until the last entry has been used, at least 512 bytes
   */
  public Dirents(int fd, byte[] buffer) {
    this.fd = fd;
    this.buffer = buffer;
  }

  /** Goes on to the next entry; false after the last one. */
  public boolean next() throws SystemCallException {
    if (next >= filled) {
      filled = SystemCallException.check(Native.getdents64(fd, buffer));
      next = 0;
      if (filled == 0) {
        return false;
      }
    }
    record = next;
    // Each machine of Arch has the low byte first.
    next +=
        (buffer[record + RECORD_LENGTH] & 0xff) | (buffer[record + RECORD_LENGTH + 1] & 0xff) << 8;
    // Behind the name are a NUL and at most seven bytes more, up to where the next record may
    // begin: no need to look at every byte.
    nameLength = Math.max(next - record - NAME - 8, 0);
    while (buffer[record + NAME + nameLength] != 0) {
      nameLength++;
    }
    return true;
  }

  /** The array with the entry's name, which {@link #next} overwrites. */
  public byte[] nameBuffer() {
    return buffer;
  }

  /** Where the name begins in {@link #nameBuffer}. */
  public int nameOffset() {
    return record + NAME;
  }

  /** How many bytes the name has. */
  public int nameLength() {
    return nameLength;
  }

  /** A copy of the name. */
  public byte[] name() {
    byte[] name = new byte[nameLength];
    System.arraycopy(buffer, record + NAME, name, 0, nameLength);
    return name;
  }

  /** True for "." and "..", the directory itself and the one above it. */
  public boolean isHereOrParent() {
    return buffer[record + NAME] == '.'
        && (nameLength == 1 || nameLength == 2 && buffer[record + NAME + 1] == '.');
  }

  /** False when the entry is certainly neither a directory nor a link to one. */
  public boolean mayBeDirectory() {
    byte type = buffer[record + TYPE];
    return type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN;
  }
}
