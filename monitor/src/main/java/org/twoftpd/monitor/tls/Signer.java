/*
 * Trusted to use the private keys, on few threads of its own: neither the loop nor anybody else's signature waits for one
 * who wants many.
 */
package org.twoftpd.monitor.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * Signs handshakes. Each source has its turn after the others, and none has more than its share of
 * time. Everything but the signing itself happens on the loop's thread.
 */
public final class Signer {
  /** So many wait at a time; then whoever has most waiting gets no more in. */
  static final int MOST_WAITING = 1024;

  /** As many of one source wait. */
  static final int MOST_OF_ONE = 256;

  private static final int MOST_THREADS = 4;

  private final EventLoop loop;
  private final int mostThreads;
  private final ExecutorService threads;
  private final SigningTime time = new SigningTime();

  /** What waits, by its source; the one whose turn it is comes first. */
  private final LinkedHashMap<String, ArrayDeque<Job>> waiting = new LinkedHashMap<>();

  private int waits;
  private int busy;
  private EventLoop.Timer pause;

  /** What comes of a question. Called on the loop's thread, once for each. */
  public interface Answer {
    /** Here it is. */
    void signed(byte[] signature);

    /** There is none, for a reason that is for the log. */
    void refused(String reason);
  }

  private record Job(
      SigningRight right,
      Endpoint peer,
      int place,
      SignatureScheme scheme,
      byte[] content,
      Answer answer) {}

  /** Signs on half of the processors, four at most. */
  public Signer(EventLoop loop) {
    this(loop, Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS));
  }

  Signer(EventLoop loop, int mostThreads) {
    this.loop = loop;
    this.mostThreads = mostThreads;
    this.threads =
        Executors.newCachedThreadPool(
            work -> Thread.ofPlatform().daemon().name("signer").unstarted(work));
  }

  /**
   * The gate wants something signed.
   *
   * @param right of the connection that it is for
   * @param peer the client, whose time it costs
   * @param generation of the offer that the connection has
   * @param place of the certificate in it
   * @throws ProtocolViolation when the gate may not ask for it
   */
  public void sign(
      SigningRight right,
      Endpoint peer,
      int generation,
      int place,
      SignatureScheme scheme,
      byte[] content,
      Answer answer)
      throws ProtocolViolation {
    right.take(generation, place, scheme, content);
    Job job = new Job(right, peer, place, scheme, content, answer);
    if (right.begin(() -> enqueue(job))) {
      enqueue(job);
    }
  }

  private void enqueue(Job job) {
    String source = Source.of(job.peer);
    if (!hasRoom(source)) {
      refuse(job, "too many handshakes wait for the key");
      return;
    }
    waiting.computeIfAbsent(source, _ -> new ArrayDeque<>()).add(job);
    waits++;
    begin();
  }

  private static void refuse(Job job, String reason) {
    job.answer.refused(reason);
    job.right.endPending();
  }

  /** One who has few waiting gets in, in place of the last of him who has most. */
  private boolean hasRoom(String source) {
    ArrayDeque<Job> own = waiting.get(source);
    int mine = own == null ? 0 : own.size();
    if (mine >= MOST_OF_ONE) {
      return false;
    }
    if (waits < MOST_WAITING) {
      return true;
    }
    ArrayDeque<Job> longest = null;
    for (ArrayDeque<Job> jobs : waiting.values()) {
      if (longest == null || jobs.size() > longest.size()) {
        longest = jobs;
      }
    }
    if (longest == null || longest.size() <= mine + 1) {
      return false;
    }
    Job last = longest.pollLast();
    waits--;
    refuse(last, "too many handshakes wait for the key");
    return true;
  }

  /** Has as many signed at a time as there are threads for. */
  private void begin() {
    while (busy < mostThreads && waits > 0) {
      Job job = next();
      if (job == null) {
        return;
      }
      busy++;
      try {
        threads.execute(() -> work(job));
      } catch (OutOfMemoryError _) {
        // The system gives no thread just now.
        busy--;
        refuse(job, "no thread to sign on");
        return;
      }
    }
  }

  /** The first of a source that may have one now; else begins again when the next one may. */
  private Job next() {
    long now = System.nanoTime();
    long soonest = Long.MAX_VALUE;
    Iterator<Map.Entry<String, ArrayDeque<Job>>> sources = waiting.entrySet().iterator();
    while (sources.hasNext()) {
      Map.Entry<String, ArrayDeque<Job>> e = sources.next();
      ArrayDeque<Job> jobs = e.getValue();
      dropGone(jobs);
      if (jobs.isEmpty()) {
        sources.remove();
        continue;
      }
      long millis = time.millisUntil(Source.networks(jobs.peek().peer), now);
      if (millis > 0) {
        soonest = Math.min(soonest, millis);
        continue;
      }
      Job job = jobs.poll();
      waits--;
      sources.remove();
      if (!jobs.isEmpty()) {
        // Behind all others.
        waiting.put(e.getKey(), jobs);
      }
      return job;
    }
    if (soonest != Long.MAX_VALUE) {
      if (pause != null) {
        pause.cancel();
      }
      pause = loop.runAfter(soonest, this::begin);
    }
    return null;
  }

  private void dropGone(ArrayDeque<Job> jobs) {
    while (!jobs.isEmpty() && jobs.peek().right.isGone()) {
      jobs.poll();
      waits--;
    }
  }

  private void work(Job job) {
    long begun = System.nanoTime();
    byte[] signature = null;
    String fault = null;
    try {
      signature = job.right.key(job.place).sign(job.scheme, job.content);
    } catch (GeneralSecurityException | RuntimeException | Error e) {
      // A client must never be left without an answer.
      fault = "the key cannot sign: " + e;
    }
    long spent = System.nanoTime() - begun;
    byte[] result = signature;
    String reason = fault;
    loop.post(() -> done(job, result, reason, spent));
  }

  private void done(Job job, byte[] signature, String fault, long nanos) {
    busy--;
    time.spend(Source.networks(job.peer), nanos, System.nanoTime());
    try {
      if (!job.right.isGone() && signature == null) {
        job.answer.refused(fault);
      } else if (!job.right.isGone()) {
        job.answer.signed(signature);
      }
      job.right.endPending();
    } finally {
      begin();
    }
  }

  /** How many wait. */
  int waiting() {
    return waits;
  }
}
