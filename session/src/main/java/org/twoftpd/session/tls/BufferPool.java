package org.twoftpd.session.tls;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers of one size. Most connections say nothing most of the time and need none then, so they
 * share these; a few are kept that nobody uses.
 */
public final class BufferPool {
  /** One record and its head: the least that an engine of JSSE has to have room for. */
  public static final int RECORD = 16_709;

  /** Eight full records, and what is inside of them. */
  static final int RECORDS = 8 * RECORD;

  static final int RECORDS_INSIDE = 8 * 16_384;

  private final int capacity;
  private final int mostKept;
  private final ConcurrentLinkedQueue<NetBuffer> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();

  public BufferPool(int capacity, int mostKept) {
    this.capacity = capacity;
    this.mostKept = mostKept;
  }

  /** An empty buffer. */
  NetBuffer take() {
    NetBuffer b = free.poll();
    if (b == null) {
      return new NetBuffer(capacity);
    }
    kept.decrementAndGet();
    return b;
  }

  /** Takes one back, with nothing of what it held. */
  void give(NetBuffer b) {
    if (kept.get() < mostKept) {
      b.wipe();
      kept.incrementAndGet();
      free.add(b);
    }
  }
}
