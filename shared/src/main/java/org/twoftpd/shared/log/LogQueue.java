/*
 * Trusted to keep the lines that wait for a log within bounds, to drop those of whoever has most when there is no room, and
 * to count every line that it drops.
 */
package org.twoftpd.shared.log;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The lines of each share in a queue of their own. The kinds of shares take turns, and so do the
 * shares of a kind: whoever has few lines waits neither for somebody who has many, nor for somebody
 * who comes from many addresses. For one thread at a time.
 */
final class LogQueue<T> {
  /** Shares are sorted by the highest bit of their size. */
  private static final int SIZES = 32;

  private final Map<Share, Flow<T>> flows = new HashMap<>();
  private final ArrayDeque<Room<T>> turns = new ArrayDeque<>();
  private final EnumMap<Share.Kind, Room<T>> rooms = new EnumMap<>(Share.Kind.class);

  /**
   * The next line, or a number of lines that were lost in its place.
   *
   * @param line null when lines were lost here
   * @param lost how many were lost; 0 with a line
   */
  record Next<T>(Share share, T line, long lost) {}

  /** The lines of one share; {@code lost} counts those that were lost after the last of them. */
  private static final class Flow<T> {
    final Share share;
    final ArrayDeque<Entry<T>> lines = new ArrayDeque<>();
    int bytes;
    long lost;
    boolean hasTurn;

    Flow(Share share) {
      this.share = share;
    }
  }

  /** A line; {@code lost} counts those that were lost before it. */
  private static final class Entry<T> {
    final T line;
    final int size;
    long lost;

    Entry(T line, int size, long lost) {
      this.line = line;
      this.size = size;
      this.lost = lost;
    }
  }

  /** How much all shares of a kind may hold, how much each holds, and whose turn it is. */
  private static final class Room<T> {
    final int all;
    final int each;
    int bytes;
    final LinkedHashSet<Flow<T>>[] bySize;
    final ArrayDeque<Flow<T>> turns = new ArrayDeque<>();

    @SuppressWarnings({"unchecked", "rawtypes"})
    Room(int all, int each) {
      this.all = all;
      this.each = each;
      bySize = new LinkedHashSet[SIZES];
      for (int i = 0; i < SIZES; i++) {
        bySize[i] = new LinkedHashSet<>();
      }
    }

    void resize(Flow<T> f, int by) {
      int before = size(f.bytes);
      f.bytes += by;
      bytes += by;
      if (size(f.bytes) != before) {
        bySize[before].remove(f);
        bySize[size(f.bytes)].add(f);
      }
    }

    private static int size(int bytes) {
      return SIZES - 1 - Math.min(Integer.numberOfLeadingZeros(bytes), SIZES - 1);
    }

    /** One of the shares that hold most, or null. */
    Flow<T> largest() {
      for (int i = SIZES - 1; i > 0; i--) {
        if (!bySize[i].isEmpty()) {
          return bySize[i].getFirst();
        }
      }
      return null;
    }
  }

  /**
   * Gives a kind of shares its room.
   *
   * @param all how many bytes its shares may hold together
   * @param each how many bytes one share may hold
   */
  LogQueue<T> room(Share.Kind kind, int all, int each) {
    rooms.put(kind, new Room<>(all, each));
    return this;
  }

  /**
   * Adds a line, or counts it as lost.
   *
   * @param size about how many bytes it takes, at least 1
   */
  void add(Share share, T line, int size) {
    Room<T> room = rooms.get(share.kind());
    Flow<T> f = flows.get(share);
    int has = f == null ? 0 : f.bytes;
    boolean fits = has + size <= room.each;
    while (fits && room.bytes + size > room.all) {
      Flow<T> largest = room.largest();
      fits = largest != null && largest.bytes > has + size;
      if (fits) {
        dropLast(room, largest);
      }
    }
    if (!fits) {
      lose(share, 1);
      return;
    }
    if (f == null) {
      f = new Flow<>(share);
      flows.put(share, f);
    }
    f.lines.add(new Entry<>(line, size, f.lost));
    f.lost = 0;
    room.resize(f, size);
    giveTurn(f);
  }

  private void dropLast(Room<T> room, Flow<T> f) {
    Entry<T> e = f.lines.removeLast();
    room.resize(f, -e.size);
    long gone = f.lost + e.lost + 1;
    if (f.lines.isEmpty()) {
      f.lost = 0;
      lose(Share.others(f.share.kind()), gone);
    } else {
      f.lost = gone;
    }
  }

  /**
   * Counts lines of a share as lost. Shares that have no line waiting are counted together, since
   * otherwise the counts could take any amount of room.
   */
  void lose(Share share, long lines) {
    Flow<T> f = flows.get(share);
    if (f == null || f.lines.isEmpty()) {
      f = flows.computeIfAbsent(Share.others(share.kind()), Flow::new);
    }
    f.lost += lines;
    giveTurn(f);
  }

  private void giveTurn(Flow<T> f) {
    if (!f.hasTurn) {
      f.hasTurn = true;
      Room<T> room = rooms.get(f.share.kind());
      if (room.turns.isEmpty()) {
        turns.add(room);
      }
      room.turns.add(f);
    }
  }

  /** Takes out the next line, or the next count of lost lines; null when there is neither. */
  Next<T> poll() {
    for (Room<T> room = turns.poll(); room != null; room = turns.poll()) {
      Next<T> next = poll(room);
      if (!room.turns.isEmpty()) {
        turns.add(room);
      }
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  private Next<T> poll(Room<T> room) {
    Next<T> next = null;
    while (next == null && !room.turns.isEmpty()) {
      Flow<T> f = room.turns.remove();
      next = poll(f);
      if (f.lines.isEmpty() && f.lost == 0) {
        f.hasTurn = false;
        flows.remove(f.share);
      } else {
        room.turns.add(f);
      }
    }
    return next;
  }

  /** Empties the queue, and says of each kind how many lines waited or were already lost. */
  Map<Share.Kind, Long> giveUp() {
    Map<Share.Kind, Long> lines = new EnumMap<>(Share.Kind.class);
    for (Next<T> next = poll(); next != null; next = poll()) {
      lines.merge(next.share().kind(), next.line() == null ? next.lost() : 1, Long::sum);
    }
    return lines;
  }

  private Next<T> poll(Flow<T> f) {
    Entry<T> e = f.lines.peek();
    long lost = e == null ? f.lost : e.lost;
    if (lost > 0) {
      if (e == null) {
        f.lost = 0;
      } else {
        e.lost = 0;
      }
      return new Next<>(f.share, null, lost);
    }
    if (e == null) {
      return null;
    }
    f.lines.remove();
    rooms.get(f.share.kind()).resize(f, -e.size);
    return new Next<>(f.share, e.line, 0);
  }

  /** True when no line waits and no lost line has to be told. */
  boolean isEmpty() {
    return turns.isEmpty();
  }

  /** True when the share holds more than half of its room. */
  boolean isCrowded(Share share) {
    Flow<T> f = flows.get(share);
    return f != null && f.bytes > rooms.get(share.kind()).each / 2;
  }
}
