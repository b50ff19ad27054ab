/*
 * Trusted with memory and time: whoever sorts by something else than the name asks for the status of every name first,
 * so this holds 20 bytes for each, and there are at most NameList.MAX_NAMES of them at a time.
 */
package org.twoftpd.session.listing;

import org.twoftpd.shared.os.FileStatus;

/**
 * The order of a listing: by name, by time with the newest first, or by size with the largest
 * first. What is alike in that stands in the order of its names.
 *
 * @param reversed the last first
 */
record ListingOrder(By by, boolean reversed) {
  /** What is compared. */
  enum By {
    NAME,
    TIME,
    SIZE
  }

  static final ListingOrder BY_NAME = new ListingOrder(By.NAME, false);

  boolean needsStatus() {
    return by != By.NAME;
  }

  /**
   * What is compared of one file; the greatest comes first.
   *
   * @param status null when it is gone
   */
  long key(FileStatus status) {
    if (status == null) {
      return Long.MIN_VALUE;
    }
    return by == By.TIME ? status.modified() : status.size();
  }

  /**
   * The order of keys that falls, as their places now.
   *
   * <p>By merging, since that has no bad case that a directory's owner could build, and leaves what
   * is alike as it is.
   */
  static int[] falling(long[] keys) {
    int[] sorted = new int[keys.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i;
    }
    int[] merged = new int[keys.length];
    for (int width = 1; width < keys.length; width *= 2) {
      for (int from = 0; from < keys.length; from += 2 * width) {
        int middle = Math.min(from + width, keys.length);
        merge(keys, sorted, merged, from, middle, Math.min(middle + width, keys.length));
      }
      int[] before = sorted;
      sorted = merged;
      merged = before;
    }
    return sorted;
  }

  private static void merge(long[] keys, int[] sorted, int[] merged, int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to || (left < middle && keys[sorted[left]] >= keys[sorted[right]]);
      merged[i] = sorted[takeLeft ? left++ : right++];
    }
  }
}
