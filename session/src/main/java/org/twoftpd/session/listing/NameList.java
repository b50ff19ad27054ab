package org.twoftpd.session.listing;

import java.util.Arrays;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;

/**
 * Holds names and sorts them. They lie end to end in large pieces of memory, so that a name costs
 * its bytes and nine more, and no object.
 */
final class NameList {
  static final int MAX_NAMES = 200_000;

  /** The most bytes that all names take together, each with one byte for its end. */
  static final int MAX_BYTES = 8 << 20;

  // A list grows by a piece and copies none, so that it never needs memory for two copies. An entry
  // of starts holds the number of the piece in its upper and the offset in its lower 16 bits.
  private static final int PIECE = 1 << 16;
  private static final int OFFSET_MASK = PIECE - 1;

  private final byte[][] pieces;
  private int currentPiece;
  private int filled;
  private int[] starts = new int[1024];
  private int[] merged = {};
  private int size;

  // Some file systems give the names in ascending or in descending order, which makes sorting them
  // superfluous.
  private boolean ascending = true;
  private boolean descending = true;

  /** Makes a list of at most {@link #MAX_BYTES} bytes. */
  NameList() {
    this(MAX_BYTES);
  }

  /**
   * Makes a smaller list.
   *
   * @param maxBytes the most bytes of all names, from 64 KiB to {@link #MAX_BYTES}
   */
  NameList(int maxBytes) {
    pieces = new byte[maxBytes / PIECE][];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    currentPiece = 0;
    filled = 0;
    ascending = true;
    descending = true;
  }

  /**
   * Adds {@code bytes[offset .. offset+length)}, which has no NUL and at most {@link
   * VirtualPath#MAX_LENGTH} bytes. Returns false and adds nothing when the list is full.
   */
  boolean add(byte[] bytes, int offset, int length) {
    boolean nextPiece = filled + length >= PIECE;
    if (size == MAX_NAMES || (nextPiece && currentPiece + 1 == pieces.length)) {
      return false;
    }
    if (nextPiece) {
      currentPiece++;
      filled = 0;
    }
    if (pieces[currentPiece] == null) {
      pieces[currentPiece] = new byte[PIECE];
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
    }
    starts[size++] = currentPiece << 16 | filled;
    System.arraycopy(bytes, offset, pieces[currentPiece], filled, length);
    filled += length;
    // NUL ends a name. It is lower than any byte of a name, so that sorting needs no lengths.
    pieces[currentPiece][filled++] = 0;
    if (size > 1 && (ascending || descending)) {
      int order = compare(starts[size - 2], starts[size - 1]);
      ascending &= order <= 0;
      descending &= order >= 0;
    }
    return true;
  }

  /** Returns a copy of a name. */
  byte[] get(int index) {
    byte[] name = new byte[length(index)];
    copy(index, name, 0, name.length);
    return name;
  }

  /** Returns the number of bytes of a name. */
  int length(int index) {
    byte[] in = pieces[starts[index] >>> 16];
    int from = starts[index] & OFFSET_MASK;
    int to = from;
    while (in[to] != 0) {
      to++;
    }
    return to - from;
  }

  /** Copies a name of {@code length} bytes to {@code to[at .. at+length)}. */
  void copy(int index, byte[] to, int at, int length) {
    int from = starts[index];
    System.arraycopy(pieces[from >>> 16], from & OFFSET_MASK, to, at, length);
  }

  /** Writes a name in the form for the wire. */
  void append(int index, Text out) {
    int from = starts[index] & OFFSET_MASK;
    out.addListedName(pieces[starts[index] >>> 16], from, from + length(index));
  }

  /**
   * Sorts by unsigned bytes. This is a merge sort, since that has no worst case that a directory's
   * owner could provoke.
   */
  void sort() {
    if (ascending) {
      return;
    }
    if (descending) {
      reverse();
      ascending = true;
      descending = false;
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

  /** Puts the names into another order: the name at {@code places[i]} moves to {@code i}. */
  void reorder(int[] places) {
    int[] arranged = new int[starts.length];
    for (int i = 0; i < size; i++) {
      arranged[i] = starts[places[i]];
    }
    starts = arranged;
  }

  /** Reverses the order. */
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

  /** Returns how many bytes of memory the arrays take. */
  long memoryBytes() {
    long bytes = 4L * (starts.length + merged.length);
    for (byte[] each : pieces) {
      bytes += each == null ? 0 : each.length;
    }
    return bytes;
  }
}
