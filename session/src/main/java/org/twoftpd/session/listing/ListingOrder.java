package org.twoftpd.session.listing;

import org.twoftpd.shared.os.FileStatus;

/**
 * Orders a listing by name, by time with the newest first, or by size with the largest first. Files
 * that are equal in that are ordered by name. An order other than by name asks for the status of
 * every name first, which takes 20 bytes for each of at most {@link NameList#MAX_NAMES} names.
 *
 * @param reversed whether the listing begins with the last name
 */
record ListingOrder(By by, boolean reversed) {
  /** Names what is compared. */
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
   * Returns the number that is compared. The file with the greatest comes first.
   *
   * @param status the file's status; null when the file is gone, which then comes last
   */
  long sortKey(FileStatus status) {
    if (status == null) {
      return Long.MIN_VALUE;
    }
    return by == By.TIME ? status.modified() : status.size();
  }

  /**
   * Returns the indexes of the keys in falling order of the keys.
   *
   * <p>This is a merge sort: it has no worst case that a directory's owner could provoke, and it
   * keeps the order of equal keys.
   */
  static int[] sortDescending(long[] keys) {
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
