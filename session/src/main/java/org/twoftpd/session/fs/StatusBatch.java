/*
 * Trusted with nothing: what the kernel said of many names of one directory, asked in one go.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * So many names, and the status of each. A call into the native library for each name takes half as
 * long again as what the kernel does there.
 */
final class StatusBatch {
  /** As many names, and bytes of names, as {@link Native#statxEach} takes. */
  private static final int MOST = 128;

  private static final int ROOM = 32_768;

  private final byte[] names = new byte[ROOM];
  private final long[] fields = new long[MOST * FileStatus.FIELDS];
  private int filled;
  private int size;

  /** Forgets all names. */
  void clear() {
    filled = 0;
    size = 0;
  }

  /** Adds the name that is {@code index} in a list; false, and nothing done, when it is full. */
  boolean add(NameList list, int index) {
    int length = list.length(index);
    if (size == MOST || length >= ROOM - filled) {
      return false;
    }
    list.copy(index, names, filled, length);
    filled += length;
    names[filled++] = 0;
    size++;
    return true;
  }

  int size() {
    return size;
  }

  /**
   * statx(2) of each name.
   *
   * @throws SystemCallException when not even that could be done
   */
  void ask(int directory, int flags) throws SystemCallException {
    SystemCallException.check(Native.statxEach(directory, names, filled, flags, fields));
  }

  /** Whether the kernel told nothing of a name. */
  boolean hasFailed(int index) {
    return fields[index * FileStatus.FIELDS] < 0;
  }

  /** What the kernel told of a name; to be asked only when it did. */
  FileStatus status(int index) {
    return FileStatus.of(fields, index * FileStatus.FIELDS);
  }
}
