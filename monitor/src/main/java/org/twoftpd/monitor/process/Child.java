/*
 * Trusted with the pid of one process that the monitor has started, and with root's signals to it.  Nothing that the process
 * holds is the monitor's: it has its own descriptors 0 and 2, and 1 is /dev/null.
 */
package org.twoftpd.monitor.process;

import static org.twoftpd.shared.os.ProcessFlags.SIGKILL;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.fd.ChannelToChild;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/** A gate or a session, from its start until it has been waited for. */
public final class Child {
  private static final long REAP_MILLIS = 20;

  /** A child whose line is closed is about to end; after so long it never will. */
  private static final long CLOSED_LINE_MILLIS = 5000;

  /** Nothing of the monitor's own environment goes to a child. */
  private static final byte[][] ENVIRONMENT = {
    "MALLOC_ARENA_MAX=1".getBytes(StandardCharsets.US_ASCII),
    "LC_ALL=C.UTF-8".getBytes(StandardCharsets.US_ASCII)
  };

  private final EventLoop loop;
  private final Owner owner;
  private final ChildLine line;
  private final int errors;
  private int pid;
  private int pidfd = -1;
  private ErrorOutput errorOutput;

  /** It is to be killed as soon as there is a process. */
  private boolean unwanted;

  /** Whoever had it killed has said why. */
  private boolean killed;

  private boolean reaped;
  private int status;
  private EventLoop.Timer closedLineTimer;

  /**
   * Made with the child, although it is by chance whether the end of the line or that of the
   * process is seen first: all rehearsals load the same classes then, and two builds of a commit
   * are the same bytes.
   */
  private final Runnable endingWithoutLine = this::endWithoutLine;

  /** Whoever has the child started. Called on the loop's thread. */
  public interface Owner {
    /** There is no process: it could not be started, for the reason that is given. */
    void notStarted(String why);

    /** A message has come; they come in the order in which they were sent. */
    void received(Message message) throws ProtocolViolation;

    /** The child has written a line to its descriptor 2, given here without its end. */
    void said(byte[] line);

    /** The child takes messages more slowly than they come: those that can should wait. */
    default void full() {}

    /** The child has taken all messages. */
    default void drained() {}

    /** The child broke the protocol and has been killed. */
    void violated(String what);

    /** The child has ended, with a status of waitpid(2); called once, after the last message. */
    void exited(int status);
  }

  private Child(EventLoop loop, Owner owner, ChannelToChild channel, int errors) {
    this.loop = loop;
    this.owner = owner;
    this.line = new ChildLine(loop, channel, owner, this);
    this.errors = errors;
  }

  /**
   * Has a process started that has one end of a new socketpair as its descriptor 0 and one of
   * another as 2. It is there a moment later: what is sent to it until then is kept.
   *
   * @param command asked for on the thread that starts it, since it looks at files
   * @param mostQueued how many messages may wait for the child before it is given up
   */
  public static Child start(
      EventLoop loop,
      Supplier<ChildCommands.Command> command,
      Role role,
      int mostQueued,
      Owner owner)
      throws IOException {
    return start(loop, command, role, mostQueued, owner, Processes::pidfdOpen);
  }

  static Child start(
      EventLoop loop,
      Supplier<ChildCommands.Command> command,
      Role role,
      int mostQueued,
      Owner owner,
      IntUnaryOperator pidfdOpen)
      throws IOException {
    // Not a pipe: whoever writes to one from memory that a disk has to bring keeps its reader
    // waiting.
    int[] errors = new int[2];
    SystemCallException.check(Native.dataPair(errors));
    ChannelToChild.Pair pair;
    try {
      pair = ChannelToChild.pair(role, mostQueued, loop.closer()::close);
    } catch (IOException e) {
      Native.close(errors[0]);
      Native.close(errors[1]);
      throw e;
    }
    Child c = new Child(loop, owner, pair.ours(), errors[0]);
    Spawner.start(
        loop, command, ENVIRONMENT, pair.theirs(), errors[1], pidfdOpen, c::processStarted);
    return c;
  }

  /** The process is there, or a negative errno says why it is not. */
  private void processStarted(int newPid, int newPidfd) {
    if (newPid < 0 || newPidfd < 0) {
      loop.closer().close(errors);
      giveUp(newPid, new SystemCallException(newPid < 0 ? -newPid : -newPidfd));
      return;
    }
    pid = newPid;
    pidfd = newPidfd;
    try {
      errorOutput = ErrorOutput.watch(loop, errors, owner::said);
      line.watch();
      loop.watchReadable(pidfd, this::reap);
    } catch (SystemCallException e) {
      if (errorOutput != null) {
        errorOutput.finish();
      }
      Native.close(pidfd);
      pid = 0;
      giveUp(newPid, e);
      return;
    }
    if (unwanted) {
      kill();
    }
    line.sendKept();
  }

  /** Ends a process that cannot be watched, and waits for it so that nothing is left of it. */
  private void giveUp(int started, SystemCallException why) {
    reaped = true;
    line.close();
    if (started > 0) {
      Processes.kill(started, SIGKILL);
      waitFor(loop, started);
    }
    owner.notStarted(why.getMessage());
  }

  private static void waitFor(EventLoop loop, int pid) {
    if (Processes.waitpid(pid) == 0) {
      loop.runAfter(REAP_MILLIS, () -> waitFor(loop, pid));
    }
  }

  /** The child's process id; 0 until there is a process. */
  public int pid() {
    return pid;
  }

  /**
   * Sends a message, now or when the child takes it. A child that leaves too many waiting is
   * killed.
   *
   * @param descriptor goes along with the message; -1 for none, as it must be until the child has
   *     said something
   */
  public void send(Message message, int descriptor) {
    line.send(message, descriptor);
  }

  /** False when the child can be told nothing any more. */
  public boolean isListening() {
    return line.isOpen();
  }

  /** Kills the child, as soon as there is a process. */
  public void kill() {
    killed = true;
    if (pid == 0) {
      unwanted = true;
    } else if (!reaped) {
      // The pid is this child's until it has been waited for.
      Processes.kill(pid, SIGKILL);
    }
  }

  /**
   * Handles no message of the child for a while. What it sends meanwhile waits in its socket, and
   * when that is full the child waits too. To be called while one of its messages is handled. The
   * child's end is noticed all the same.
   */
  public void pause(long millis) {
    line.pause(millis);
  }

  /**
   * Reads no message of the child for a while, but handles those that have been read, so that many
   * messages in a row cost one wake-up. To be called while one of its messages is handled.
   */
  public void gather(long millis) {
    line.gather(millis);
  }

  /** Kills the child, and tells its owner why unless the owner knows. */
  void endViolator(String what) {
    // A line that fails when its process has been killed is no fault of the process.
    boolean known = killed;
    kill();
    if (!known) {
      owner.violated(what);
    }
  }

  /** The line is closed at the child's end; that its process has ended is seen in a moment. */
  void lineClosed() {
    if (!reaped) {
      closedLineTimer = loop.runAfter(CLOSED_LINE_MILLIS, endingWithoutLine);
    }
  }

  private void endWithoutLine() {
    if (!reaped) {
      endViolator("has closed its line and lives on");
    }
  }

  private void reap() {
    long r = Processes.waitpid(pid);
    if (r == 0) {
      return;
    }
    status = (int) r;
    reaped = true;
    loop.unwatch(pidfd);
    Native.close(pidfd);
    line.hearTheRest();
  }

  /** The process has ended and its last message has been handled. */
  void allHeard() {
    errorOutput.finish();
    if (closedLineTimer != null) {
      closedLineTimer.cancel();
    }
    owner.exited(status);
  }
}
