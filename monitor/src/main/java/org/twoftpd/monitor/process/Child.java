/*
 * Trusted with one process that the monitor has started: its line, its words, its end.  Nothing that the process holds
 * is the monitor's: its descriptors 0 and 2 are of its own, and 1 is /dev/null.
 */
package org.twoftpd.monitor.process;

import static org.twoftpd.shared.os.ProcessFlags.SIGKILL;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.fd.JunixChannel;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/** A gate or a session, from its start until it has been waited for. */
public final class Child {
  private static final int LAST_READS = 256;

  /** Of one that never stops talking, others have their turn in between. */
  private static final int READS = 16;

  /** So many messages of one child are handled before others have their turn. */
  private static final int MESSAGES = 64;

  private static final long REAP_MILLIS = 20;

  /**
   * A child that has taken nothing for so long, though something waits for it, is as good as dead.
   */
  private static final long STALL_MILLIS = 10_000;

  /** A child that has begun a message and not ended it for so long never will. */
  private static final long REST_MILLIS = 5000;

  /** Nothing of the monitor's own environment goes to a child. */
  private static final byte[][] ENVIRONMENT = {
    "MALLOC_ARENA_MAX=1".getBytes(StandardCharsets.US_ASCII),
    "LC_ALL=C.UTF-8".getBytes(StandardCharsets.US_ASCII)
  };

  private final EventLoop loop;
  private final Owner owner;
  private final JunixChannel channel;
  private final int errors;
  private final ArrayDeque<Message> early = new ArrayDeque<>();
  private int pid;
  private int pidfd = -1;
  private boolean unwanted;
  private ErrorOutput words;
  private boolean listening = true;
  private boolean full;
  private long lastMoved;
  private EventLoop.Timer stall;
  private EventLoop.Timer rest;
  private long begunAt;
  private EventLoop.Timer pause;

  /** In this pause not even what has been read is handled. */
  private boolean holding;

  private boolean reaped;

  /** Whoever had it killed has said why. */
  private boolean killed;

  private int status;
  private int reads;
  private int lastReads;
  private boolean departed;

  /** No more comes than what is in its socket: that is heard to its end. */
  private boolean ending;

  /** The end has been read; what came before it may still have to be handled. */
  private boolean closed;

  /** How many messages may still be handled in this turn. */
  private int left;

  /** More than that have come: they are handled in the next turn, before more is read. */
  private boolean more;

  /** Whoever has the child started. */
  public interface Owner {
    /** There is no process: it could not be started, for the reason that is given. */
    void notStarted(String why);

    /** A message, in the order in which they came. */
    void received(Message message) throws ProtocolViolation;

    /** A line that it has written to its descriptor 2, without its end. */
    void said(byte[] line);

    /** It does not take messages as fast as they come: those that do not matter should wait. */
    default void full() {}

    /** It has taken them all. */
    default void drained() {}

    /** The child broke the protocol and has been killed. */
    void violated(String what);

    /** The child has ended, with a status of waitpid(2); called once, after the last message. */
    void exited(int status);
  }

  private Child(EventLoop loop, Owner owner, JunixChannel channel, int errors) {
    this.loop = loop;
    this.owner = owner;
    this.channel = channel;
    this.errors = errors;
  }

  /**
   * Has a process started that has one end of a new socketpair as its descriptor 0 and one of
   * another as 2. It is there a moment later: what is sent to it until then is kept.
   *
   * @param command asked for on the thread that starts it, since it looks at files
   * @param mostQueued how many messages may wait for it before it is given up
   */
  public static Child start(
      EventLoop loop,
      Supplier<ChildCommands.Command> command,
      Role role,
      int mostQueued,
      Owner owner)
      throws IOException {
    return start(loop, command, role, mostQueued, owner, Native::pidfdOpen);
  }

  public static Child start(
      EventLoop loop,
      Supplier<ChildCommands.Command> command,
      Role role,
      int mostQueued,
      Owner owner,
      IntUnaryOperator pidfdOpen)
      throws IOException {
    // Not a pipe: whoever writes to one from memory that a disk has to bring keeps its reader
    // waiting.
    int[] words = new int[2];
    SystemCallException.check(Native.socketpair(words));
    JunixChannel.Pair pair;
    try {
      SystemCallException.check(Native.setNonblocking(words[0], true));
      SystemCallException.check(Native.setNonblocking(words[1], true));
      pair = JunixChannel.pair(role, mostQueued, loop.closer()::close);
    } catch (IOException e) {
      Native.close(words[0]);
      Native.close(words[1]);
      throw e;
    }
    Child c = new Child(loop, owner, pair.ours(), words[0]);
    Spawner.start(loop, command, ENVIRONMENT, pair.theirs(), words[1], pidfdOpen, c::started);
    return c;
  }

  /** The process is there, or an errno says why it is not. */
  private void started(int newPid, int newPidfd) {
    if (newPid < 0 || newPidfd < 0) {
      loop.closer().close(errors);
      cannotHave(newPid, new SystemCallException(newPid < 0 ? -newPid : -newPidfd));
      return;
    }
    pid = newPid;
    pidfd = newPidfd;
    try {
      words = ErrorOutput.watch(loop, errors, owner::said);
      loop.whenReadable(channel.number(), this::readAll);
      loop.whenReadable(pidfd, this::reap);
    } catch (SystemCallException e) {
      if (words != null) {
        words.finish();
      }
      loop.forget(channel.number());
      Native.close(pidfd);
      pid = 0;
      cannotHave(newPid, e);
      return;
    }
    if (unwanted) {
      kill();
    }
    while (!early.isEmpty()) {
      send(early.poll(), -1);
    }
  }

  /** Ends a process that could not be watched, and waits for it so that nothing is left of it. */
  private void cannotHave(int started, SystemCallException why) {
    listening = false;
    reaped = true;
    early.clear();
    channel.close();
    if (started > 0) {
      Native.kill(started, SIGKILL);
      waitFor(loop, started);
    }
    owner.notStarted(why.getMessage());
  }

  private static void waitFor(EventLoop loop, int pid) {
    if (Native.waitpid(pid) == 0) {
      loop.after(REAP_MILLIS, () -> waitFor(loop, pid));
    }
  }

  /** Its pid; 0 until there is a process. */
  public int pid() {
    return pid;
  }

  /**
   * Sends a message, now or when the child takes it; one that leaves too many waiting is killed.
   *
   * @param descriptor -1 for none, which it must be until the child has said something
   */
  public void send(Message message, int descriptor) {
    if (!listening || reaped) {
      return;
    }
    if (pid == 0) {
      early.add(message);
      return;
    }
    try {
      channel.send(message, descriptor);
      if (channel.isFull() && !full) {
        loop.whenWritable(channel.number(), this::flush);
        full = true;
        lastMoved = System.nanoTime();
        if (stall == null) {
          stall = loop.after(STALL_MILLIS, this::checkProgress);
        }
        owner.full();
      }
    } catch (IOException e) {
      refuses(e);
    }
  }

  private void flush() {
    try {
      if (channel.flush()) {
        lastMoved = System.nanoTime();
      }
      if (!channel.isFull()) {
        loop.forgetWritable(channel.number());
        full = false;
        owner.drained();
      }
    } catch (IOException e) {
      refuses(e);
    } catch (RuntimeException e) {
      violate("fault in writing to it: " + e);
    }
  }

  /** The library's exceptions need not say anything but their names. */
  private void refuses(IOException e) {
    if (e instanceof SystemCallException s && s.errno() == Errno.EPIPE) {
      // It has closed its line, or ended: what it said before is still to be heard.
      return;
    }
    String why = e.getMessage();
    violate("does not take messages: " + (why == null ? e.getClass().getSimpleName() : why));
  }

  private void checkProgress() {
    stall = null;
    if (!full || !listening) {
      return;
    }
    long left = STALL_MILLIS - (System.nanoTime() - lastMoved) / 1_000_000;
    if (left > 0) {
      stall = loop.after(left, this::checkProgress);
    } else {
      violate("has read nothing for " + STALL_MILLIS / 1000 + " s");
    }
  }

  /** False when its line is closed. */
  public boolean isListening() {
    return listening;
  }

  public void kill() {
    killed = true;
    signal(SIGKILL);
  }

  /** Sends a signal; the pid is this child's until it has been waited for. */
  private void signal(int number) {
    if (pid == 0) {
      unwanted = true;
    } else if (!reaped) {
      Native.kill(pid, number);
    }
  }

  /**
   * Hears nothing of it for so long. What it sends waits in its socket, and then it waits itself.
   * To be called while one of its messages is handled; its end is heard all the same.
   */
  public void pause(long millis) {
    if (!holding) {
      endPause();
      listenLater(millis);
      holding = pause != null;
    }
  }

  /**
   * Reads nothing of it for so long, but handles what has been read, so that many messages in a row
   * cost one wake-up. To be called as {@link #pause}.
   */
  public void gather(long millis) {
    if (pause == null) {
      listenLater(millis);
    }
  }

  private void listenLater(long millis) {
    if (listening && !ending) {
      loop.mute(channel.number());
      pause = loop.after(millis, this::resume);
    }
  }

  private void resume() {
    endPause();
    hearInTurn();
  }

  private void endPause() {
    if (pause != null) {
      pause.cancel();
      pause = null;
      holding = false;
      loop.unmute(channel.number());
    }
  }

  private void read() {
    // In a pause only the end is told.
    endPause();
    try {
      closed = !channel.receive();
    } catch (ProtocolViolation e) {
      violate(e.getMessage());
      return;
    } catch (IOException e) {
      hungUp();
      return;
    } catch (RuntimeException e) {
      violate("fault in reading from it: " + e);
      return;
    }
    ending |= closed;
    hear();
  }

  /** Who has nothing more to say or to hear ends; that it has is seen in a moment. */
  private void hungUp() {
    stopListening();
    if (!reaped) {
      rest = loop.after(REST_MILLIS, this::endSilent);
    }
  }

  private void endSilent() {
    if (!reaped) {
      violate("has closed its line and lives on");
    }
  }

  private void readAll() {
    if (!more) {
      reads = READS;
      left = MESSAGES;
      read();
      readOn();
    }
  }

  /** Reads until there is no more: in a pause to gather, it would wait for the end of that. */
  private void readOn() {
    while (--reads > 0 && listening && !holding && !more && channel.mayHaveMore()) {
      read();
    }
  }

  private void hearInTurn() {
    left = MESSAGES;
    hear();
  }

  /** Handles what has come, as much as it may in this turn. */
  private void hear() {
    boolean some = false;
    try {
      for (Message m = next(); m != null; m = next()) {
        left--;
        owner.received(m);
        some = true;
      }
      if (!ending) {
        watchTheRest(some);
      }
    } catch (ProtocolViolation e) {
      violate(e.getMessage());
    } catch (RuntimeException e) {
      // A fault of ours in handling one child must not end the others.
      violate("fault in handling it: " + e);
    }
    if (listening && !holding && left == 0) {
      hearLater();
    } else if (closed && listening) {
      hungUp();
    }
  }

  private void hearLater() {
    if (!more) {
      more = true;
      loop.next(this::hearOn);
    }
  }

  private void hearOn() {
    more = false;
    hearInTurn();
    if (reaped) {
      hearLast();
    } else {
      readOn();
    }
  }

  /**
   * Whoever begins a message has all of it: the rest must not be long in coming.
   *
   * @param another whether one has ended, so that what has begun is another
   */
  private void watchTheRest(boolean another) {
    boolean begun = listening && pause == null && left > 0 && channel.hasBegun();
    if (begun && (another || rest == null)) {
      begunAt = System.nanoTime();
    }
    if (begun && rest == null) {
      rest = loop.after(REST_MILLIS, this::lookForTheRest);
    } else if (!begun && rest != null) {
      rest.cancel();
      rest = null;
    }
  }

  private void lookForTheRest() {
    long left = REST_MILLIS - (System.nanoTime() - begunAt) / 1_000_000;
    if (left <= 0) {
      violate("stalls within a message");
    } else {
      rest = loop.after(left, this::lookForTheRest);
    }
  }

  private Message next() throws ProtocolViolation {
    return listening && !holding && left > 0 ? channel.next() : null;
  }

  private void violate(String what) {
    stopListening();
    // That a line fails whose process has been killed is no fault of the process.
    boolean known = killed;
    kill();
    if (!known) {
      owner.violated(what);
    }
  }

  private void stopListening() {
    if (listening) {
      listening = false;
      endPause();
      loop.forget(channel.number());
      channel.close();
      if (rest != null) {
        rest.cancel();
      }
    }
  }

  private void reap() {
    long r = Native.waitpid(pid);
    if (r == 0) {
      return;
    }
    status = (int) r;
    reaped = true;
    ending = true;
    loop.forget(pidfd);
    Native.close(pidfd);
    endPause();
    hearInTurn();
    hearLast();
  }

  /** Its last messages may still be here, or in the socket: more than fit into a turn. */
  private void hearLast() {
    while (listening && !more && lastReads++ < LAST_READS) {
      read();
    }
    if (!more && !departed) {
      depart();
    }
  }

  private void depart() {
    departed = true;
    stopListening();
    words.finish();
    if (stall != null) {
      stall.cancel();
    }
    if (rest != null) {
      rest.cancel();
    }
    owner.exited(status);
  }
}
