/*
 * Trusted with requests, which contain passwords, until they are answered and wiped.  It runs without root, and reads only from
 * root and from its own user.
 */
package org.twoftpd.cvm;

import static org.twoftpd.shared.os.PollEvents.POLLIN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.twoftpd.shared.cvm.CvmRequest;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * Answers one request on each connection. One thread reads all requests, so that a client that
 * stalls takes up no thread; as many threads as there are processors hash passwords.
 */
final class Server {
  private static final int CLIENTS_MAX = 256;
  private static final long READING_NANOS = 5_000_000_000L;

  /** How long to wait for a place to become free before looking again. */
  private static final int FULL_MILLIS = 20;

  /** A connection whose request is not complete yet. */
  private static final class Client {
    final int fd;
    final long deadline = System.nanoTime() + READING_NANOS;

    /** Has room for one byte more than a request may have. */
    final byte[] request = new byte[CvmRequest.LENGTH_MAX + 1];

    int length;

    Client(int fd) {
      this.fd = fd;
    }

    void close() {
      Arrays.fill(request, (byte) 0);
      Native.close(fd);
    }
  }

  private final int listener;
  private final Authenticator authenticator;
  private final int user;
  private final ExecutorService workers;
  private final AtomicInteger answering = new AtomicInteger();

  /** The clients in the order in which they came, so the first has the earliest deadline. */
  private final List<Client> reading = new ArrayList<>();

  /**
   * Creates a server that answers root and one other user.
   *
   * @param listener a listening UNIX stream socket, non-blocking
   * @param user the uid of the other user
   */
  Server(int listener, Authenticator authenticator, int user) {
    this.listener = listener;
    this.authenticator = authenticator;
    this.user = user;
    this.workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  }

  /** Serves until the process ends. */
  void run() {
    while (true) {
      boolean room = reading.size() + answering.get() < CLIENTS_MAX;
      int[] fds = new int[reading.size() + 1];
      short[] events = new short[fds.length];
      Arrays.fill(events, POLLIN);
      // poll(2) ignores a negative descriptor.
      fds[0] = room ? listener : -1;
      for (int i = 1; i < fds.length; i++) {
        fds[i] = reading.get(i - 1).fd;
      }
      int ready = Native.poll(fds, events, fds.length, room ? millisToDeadline() : FULL_MILLIS);
      if (ready < 0 && ready != -Errno.EINTR) {
        throw new IllegalStateException("poll: " + Errno.message(-ready));
      }
      readAll(ready > 0 ? events : new short[fds.length]);
      if (ready > 0 && events[0] != 0) {
        accept();
      }
    }
  }

  private int millisToDeadline() {
    if (reading.isEmpty()) {
      return -1;
    }
    return (int) Math.max(0, (reading.getFirst().deadline - System.nanoTime()) / 1_000_000 + 1);
  }

  private void accept() {
    while (reading.size() + answering.get() < CLIENTS_MAX) {
      int fd = Native.accept(listener);
      if (fd < 0) {
        if (!Errno.isNoConnection(fd)) {
          Log.error("accept: " + Errno.message(-fd));
          pause();
        }
        return;
      }
      int peer = Native.peerUid(fd);
      if (peer == 0 || peer == user) {
        Client client = new Client(fd);
        // Clients usually send their request at once, so it is here by now.
        if (read(client)) {
          reading.add(client);
        }
      } else {
        Log.warning("closed a connection of uid " + Integer.toUnsignedString(peer));
        Native.close(fd);
      }
    }
  }

  /** Waits a little: the system is out of memory or descriptors, and may have some again soon. */
  private static void pause() {
    int _ = Native.poll(new int[0], new short[0], 0, FULL_MILLIS);
  }

  private void readAll(short[] events) {
    Iterator<Client> clients = reading.iterator();
    long now = System.nanoTime();
    for (int i = 1; clients.hasNext(); i++) {
      Client client = clients.next();
      if (events[i] != 0 ? !read(client) : client.deadline - now <= 0) {
        clients.remove();
        if (events[i] == 0) {
          client.close();
        }
      }
    }
  }

  /**
   * Reads what has come.
   *
   * @return whether more is to be read; else the client was closed or is being answered
   */
  private boolean read(Client client) {
    int n;
    do {
      n =
          Native.read(
              client.fd, client.request, client.length, client.request.length - client.length);
      client.length += Math.max(n, 0);
    } while (n > 0 && client.length < client.request.length);
    if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
      return true;
    }
    if (n < 0) {
      client.close();
      return false;
    }
    answering.incrementAndGet();
    workers.execute(() -> answer(client));
    return false;
  }

  private void answer(Client client) {
    try {
      byte[] reply = authenticator.answer(client.request, client.length);
      // A new connection has room for a reply.  A client that has gone away needs none.
      int _ = Native.write(client.fd, reply, 0, reply.length);
    } catch (RuntimeException failure) {
      Log.error("a request was not answered: " + failure);
    } finally {
      client.close();
      answering.decrementAndGet();
    }
  }
}
