/*
 * Trusted with nothing: what the kernel said of many names of one directory, asked in one go.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.fs.Directory;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;

/**
 * So many names, and the status of each. A call into the native library for each name takes half as
 * long again as what the kernel does there.
 */
final class StatusBatch {
  /** As many names as {@link Native#statxEach} takes, and bytes for names of usual length. */
  static final int MOST = 128;

  private static final int ROOM = 8192;
  private static final int NOT_YET = Integer.MIN_VALUE;

  private final byte[] names = new byte[ROOM];
  private final long[] fields = new long[MOST * FileStatus.FIELDS];
  private int first;
  private int filled;
  private int size;
  private int result = NOT_YET;

  /**
   * Takes the names of a list from {@code from} on, as many as there is room for, and forgets all
   * others.
   *
   * @return the first one that has not been taken
   */
  int fill(NameList list, int from) {
    first = from;
    filled = 0;
    size = 0;
    result = NOT_YET;
    int next = from;
    while (next < list.size() && add(list, next)) {
      next++;
    }
    return next;
  }

  private boolean add(NameList list, int index) {
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

  /** The name that is {@code index} in the list is one of these, or one before them. */
  boolean reaches(int index) {
    return index < first + size;
  }

  /**
   * Asks what each name is.
   *
   * @return what {@link Directory#askEach} answers
   */
  int ask(Directory directory) {
    return directory.askEach(names, filled, fields);
  }

  /** Keeps what {@link #ask} has returned. */
  void asked(int answer) {
    result = answer;
  }

  boolean isAsked() {
    return result != NOT_YET;
  }

  /** Negative when the kernel could not even be asked. */
  int result() {
    return result;
  }

  /** Whether the kernel told nothing of the name that is {@code index} in the list. */
  boolean hasFailed(int index) {
    return !FileStatus.isInFields(fields, (index - first) * FileStatus.FIELDS);
  }

  /** What the kernel told of a name; to be asked only when it did. */
  FileStatus status(int index) {
    return FileStatus.fromFields(fields, (index - first) * FileStatus.FIELDS);
  }
}
