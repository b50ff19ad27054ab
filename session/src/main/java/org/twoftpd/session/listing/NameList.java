/*
 * Trusted with memory: a directory may hold more names than this process should, so there is a bound, and a name costs
 * its bytes and eight more, not an object.
 */
package org.twoftpd.session.listing;

import java.util.Arrays;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;

/** A list of names that can be sorted. They lie end to end in large pieces of memory. */
final class NameList {
  static final int MAX_NAMES = 200_000;

  /** As much as the bytes of the names can be, an end for each included. */
  static final int MAX_BYTES = 8 << 20;

  // A piece is never copied to grow, as one array for all would be, so growing takes no room that
  // the list will not have in the end. Where a name begins is piece and offset in one int.
  private static final int PIECE = 1 << 16;
  private static final int OFFSET_MASK = PIECE - 1;

  private final byte[][] pieces;
  private int piece;
  private int filled;
  private int[] starts = new int[1024];
  private int[] merged = {};
  private int size;

  // Some file systems give the names in order, some the newest first.
  private boolean rising = true;
  private boolean falling = true;

  /** A list of at most {@link #MAX_BYTES}. */
  NameList() {
    this(MAX_BYTES);
  }

  /**
   * A list of less.
   *
   * @param maxBytes at least 64 KiB, at most {@link #MAX_BYTES}
   */
  NameList(int maxBytes) {
    pieces = new byte[maxBytes / PIECE][];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    piece = 0;
    filled = 0;
    rising = true;
    falling = true;
  }

  /**
   * Adds {@code bytes[offset .. offset+length)}, which has no NUL and at most {@link
   * VirtualPath#MAX_LENGTH} bytes. False, and nothing done, when the list is full.
   */
  boolean add(byte[] bytes, int offset, int length) {
    boolean nextPiece = filled + length >= PIECE;
    if (size == MAX_NAMES || (nextPiece && piece + 1 == pieces.length)) {
      return false;
    }
    if (nextPiece) {
      piece++;
      filled = 0;
    }
    if (pieces[piece] == null) {
      pieces[piece] = new byte[PIECE];
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
    }
    starts[size++] = piece << 16 | filled;
    System.arraycopy(bytes, offset, pieces[piece], filled, length);
    filled += length;
    // The end of a name, and lower than any byte of one, so that sorting needs no lengths.
    pieces[piece][filled++] = 0;
    if (size > 1 && (rising || falling)) {
      int order = compare(starts[size - 2], starts[size - 1]);
      rising &= order <= 0;
      falling &= order >= 0;
    }
    return true;
  }

  /** A copy of a name. */
  byte[] get(int index) {
    byte[] name = new byte[length(index)];
    copy(index, name, 0, name.length);
    return name;
  }

  /** The bytes of a name. */
  int length(int index) {
    byte[] in = pieces[starts[index] >>> 16];
    int from = starts[index] & OFFSET_MASK;
    int to = from;
    while (in[to] != 0) {
      to++;
    }
    return to - from;
  }

  /** Copies a name to where there is room for its {@code length} bytes. */
  void copy(int index, byte[] to, int at, int length) {
    int from = starts[index];
    System.arraycopy(pieces[from >>> 16], from & OFFSET_MASK, to, at, length);
  }

  /** Writes a name in its wire form. */
  void append(int index, Text out) {
    int from = starts[index] & OFFSET_MASK;
    out.addListedName(pieces[starts[index] >>> 16], from, from + length(index));
  }

  /**
   * Sorts by unsigned bytes. By merging, since that has no bad case that a directory's owner could
   * build.
   */
  void sort() {
    if (rising) {
      return;
    }
    if (falling) {
      reverse();
      rising = true;
      falling = false;
      return;
    }
    if (merged.length < size) {
      merged = new int[starts.length];
    }
    for (int width = 1; width < size; width *= 2) {
      for (int from = 0; from < size; from += 2 * width) {
        merge(from, Math.min(from + width, size), Math.min(from + 2 * width, size));
      }
      int[] sorted = merged;
      merged = starts;
      starts = sorted;
    }
  }

  /** Puts the names into another order: the first is to be the one at {@code places[0]} now. */
  void arrange(int[] places) {
    int[] arranged = new int[starts.length];
    for (int i = 0; i < size; i++) {
      arranged[i] = starts[places[i]];
    }
    starts = arranged;
  }

  /** Turns the order around. */
  void reverse() {
    for (int i = 0, j = size - 1; i < j; i++, j--) {
      int start = starts[i];
      starts[i] = starts[j];
      starts[j] = start;
    }
  }

  private void merge(int from, int middle, int to) {
    int left = from;
    int right = middle;
    if (middle == to || compare(starts[middle - 1], starts[middle]) <= 0) {
      System.arraycopy(starts, from, merged, from, to - from);
      return;
    }
    if (compare(starts[to - 1], starts[from]) < 0) {
      System.arraycopy(starts, middle, merged, from, to - middle);
      System.arraycopy(starts, from, merged, from + to - middle, middle - from);
      return;
    }
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to || (left < middle && compare(starts[left], starts[right]) <= 0);
      merged[i] = starts[takeLeft ? left++ : right++];
    }
  }

  private int compare(int a, int b) {
    byte[] inA = pieces[a >>> 16];
    byte[] inB = pieces[b >>> 16];
    int i = a & OFFSET_MASK;
    int j = b & OFFSET_MASK;
    while (inA[i] == inB[j]) {
      if (inA[i] == 0) {
        return 0;
      }
      i++;
      j++;
    }
    return (inA[i] & 0xff) - (inB[j] & 0xff);
  }

  /** The bytes of memory that the arrays take. */
  long memory() {
    long memory = 4L * (starts.length + merged.length);
    for (byte[] each : pieces) {
      memory += each == null ? 0 : each.length;
    }
    return memory;
  }
}
