package org.twoftpd.session.listing;

import org.twoftpd.session.fs.Directory;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;

/**
 * Asks the kernel for the status of many names of one directory in one call of the native library.
 * One call for each name would add half of the time that the kernel takes.
 */
final class StatusBatch {
  /** The most names of a batch, which is the most that {@link Native#statxEach} takes. */
  static final int MAX_NAMES = 128;

  /** The bytes for all names of a batch, enough for the most names of usual length. */
  private static final int MAX_BYTES = 8192;

  private static final int NO_RESULT = Integer.MIN_VALUE;

  private final byte[] names = new byte[MAX_BYTES];
  private final long[] fields = new long[MAX_NAMES * FileStatus.FIELDS];
  private int first;
  private int filled;
  private int size;
  private int result = NO_RESULT;

  /**
   * Replaces the names by those of a list from {@code from} on, as many as fit.
   *
   * @return the index of the first name that did not fit
   */
  int fill(NameList list, int from) {
    first = from;
    filled = 0;
    size = 0;
    result = NO_RESULT;
    int next = from;
    while (next < list.size() && add(list, next)) {
      next++;
    }
    return next;
  }

  private boolean add(NameList list, int index) {
    int length = list.length(index);
    if (size == MAX_NAMES || length >= MAX_BYTES - filled) {
      return false;
    }
    list.copy(index, names, filled, length);
    filled += length;
    names[filled++] = 0;
    size++;
    return true;
  }

  /** Returns true unless the name at {@code index} of the list comes after this batch. */
  boolean reaches(int index) {
    return index < first + size;
  }

  /**
   * Asks the kernel for the status of each name.
   *
   * @return what {@link Directory#askEach} answers
   */
  int askKernel(Directory directory) {
    return directory.askEach(names, filled, fields);
  }

  /** Stores what {@link #askKernel} has returned. */
  void setResult(int answer) {
    result = answer;
  }

  boolean hasResult() {
    return result != NO_RESULT;
  }

  /** Returns a negative error when the kernel could not be asked at all. */
  int result() {
    return result;
  }

  /** Returns true when the kernel gave no status for the name at {@code index} of the list. */
  boolean hasFailed(int index) {
    return !FileStatus.isInFields(fields, (index - first) * FileStatus.FIELDS);
  }

  /** Returns the status of a name. The caller must know that {@link #hasFailed} is false. */
  FileStatus status(int index) {
    return FileStatus.fromFields(fields, (index - first) * FileStatus.FIELDS);
  }
}
