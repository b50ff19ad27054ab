/*
 * Trusted to hear a child that may have been taken over, without being kept busy by it.
 */
package org.twoftpd.monitor.process;

import java.io.IOException;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.fd.ChannelToChild;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * The messages from one child: how many are heard in one turn of the loop, pauses, the time after
 * which a child stalls within a message, and what is left when it has ended.
 */
final class ChildLine {
  /** A child that never stops talking is read so often before others have their turn. */
  private static final int READS_PER_TURN = 16;

  /** So many messages of one child are handled before others have their turn. */
  private static final int MESSAGES_PER_TURN = 64;

  /** A socket holds no more than so many reads bring. */
  private static final int LAST_READS = 256;

  /** A child that has begun a message and not ended it for so long never will. */
  private static final long UNFINISHED_MILLIS = 5000;

  private final EventLoop loop;
  private final ChannelToChild channel;
  private final Child.Owner owner;
  private final Child child;

  private final ChildOutbox outbox;
  private boolean open = true;

  /** Runs while the child has sent the beginning of a message alone. */
  private EventLoop.Timer unfinishedTimer;

  private long unfinishedSince;

  private EventLoop.Timer pauseTimer;

  /**
   * Made with the line, although it is by chance whether there is a pause: all rehearsals load the
   * same classes then, and two builds of a commit are the same bytes.
   */
  private final Runnable resumption = this::resume;

  /** In this pause not even what has been read is handled. */
  private boolean handlingPaused;

  private int readsLeft;
  private int messagesLeft;

  /**
   * A turn of the loop is arranged in which the messages are handled that this one had no room for.
   */
  private boolean nextTurnArranged;

  /** The child's end of the line is closed; what came before that may still have to be handled. */
  private boolean endRead;

  /** No more comes than what is in the socket: that is heard to its end, without a pause. */
  private boolean ending;

  private boolean processEnded;
  private boolean allHeard;
  private int lastReads;

  ChildLine(EventLoop loop, ChannelToChild channel, Child.Owner owner, Child child) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
    this.child = child;
    this.outbox = new ChildOutbox(loop, channel, owner, this::violate);
  }

  /** Begins to hear the child. */
  void watch() throws SystemCallException {
    loop.watchReadable(channel.number(), this::readTurn);
  }

  /** Sends what was to be sent before there was a process. */
  void sendKept() {
    outbox.sendKept();
  }

  /** False when the line is closed: nothing is sent or heard any more. */
  boolean isOpen() {
    return open;
  }

  void close() {
    if (open) {
      open = false;
      endPause();
      loop.unwatch(channel.number());
      channel.close();
      outbox.close();
      if (unfinishedTimer != null) {
        unfinishedTimer.cancel();
      }
    }
  }

  private void violate(String what) {
    close();
    child.endViolator(what);
  }

  /** As {@link Child#send}. */
  void send(Message message, int descriptor) {
    if (open && !processEnded) {
      outbox.send(message, descriptor);
    }
  }

  // --- pauses

  /** As {@link Child#pause}. */
  void pause(long millis) {
    if (!handlingPaused) {
      endPause();
      startPause(millis);
      handlingPaused = pauseTimer != null;
    }
  }

  /** As {@link Child#gather}. */
  void gather(long millis) {
    if (pauseTimer == null) {
      startPause(millis);
    }
  }

  private void startPause(long millis) {
    if (open && !ending) {
      loop.mute(channel.number());
      pauseTimer = loop.runAfter(millis, resumption);
    }
  }

  private void resume() {
    endPause();
    handleTurn();
  }

  private void endPause() {
    if (pauseTimer != null) {
      pauseTimer.cancel();
      pauseTimer = null;
      handlingPaused = false;
      loop.unmute(channel.number());
    }
  }

  // --- from the child

  private void readTurn() {
    if (!nextTurnArranged) {
      readsLeft = READS_PER_TURN;
      messagesLeft = MESSAGES_PER_TURN;
      readOnce();
      readOn();
    }
  }

  /**
   * Reads until there is no more. In a pause to gather messages, what was left in the socket would
   * wait for the end of that pause.
   */
  private void readOn() {
    while (--readsLeft > 0
        && open
        && !handlingPaused
        && !nextTurnArranged
        && channel.mayHaveMore()) {
      readOnce();
    }
  }

  private void readOnce() {
    // In a pause the loop tells of the end alone.
    endPause();
    try {
      endRead = !channel.receive();
    } catch (ProtocolViolation e) {
      violate(e.getMessage());
      return;
    } catch (IOException e) {
      closeAtEnd();
      return;
    } catch (RuntimeException e) {
      violate("fault in reading from it: " + e);
      return;
    }
    ending |= endRead;
    handleMessages();
  }

  private void closeAtEnd() {
    close();
    child.lineClosed();
  }

  private void handleTurn() {
    messagesLeft = MESSAGES_PER_TURN;
    handleMessages();
  }

  /** Handles the messages that have been read, as many as this turn has room for. */
  private void handleMessages() {
    boolean handled = false;
    try {
      for (Message m = nextMessage(); m != null; m = nextMessage()) {
        messagesLeft--;
        owner.received(m);
        handled = true;
      }
      if (!ending) {
        watchUnfinished(handled);
      }
    } catch (ProtocolViolation e) {
      violate(e.getMessage());
    } catch (RuntimeException e) {
      // A fault of ours in handling one child must not end the others.
      violate("fault in handling it: " + e);
    }
    if (open && !handlingPaused && messagesLeft == 0) {
      arrangeNextTurn();
    } else if (endRead && open) {
      closeAtEnd();
    }
  }

  private Message nextMessage() throws ProtocolViolation {
    return open && !handlingPaused && messagesLeft > 0 ? channel.next() : null;
  }

  private void arrangeNextTurn() {
    if (!nextTurnArranged) {
      nextTurnArranged = true;
      loop.runNextTurn(this::takeNextTurn);
    }
  }

  private void takeNextTurn() {
    nextTurnArranged = false;
    handleTurn();
    if (processEnded) {
      readLast();
    } else {
      readOn();
    }
  }

  /**
   * Whoever begins a message has all of it, so that the rest must not be long in coming.
   *
   * @param another whether a message has ended since, so that an unfinished one is another
   */
  private void watchUnfinished(boolean another) {
    boolean unfinished = open && pauseTimer == null && messagesLeft > 0 && channel.hasBegun();
    if (unfinished && (another || unfinishedTimer == null)) {
      unfinishedSince = System.nanoTime();
    }
    if (unfinished && unfinishedTimer == null) {
      unfinishedTimer = loop.runAfter(UNFINISHED_MILLIS, this::checkFinished);
    } else if (!unfinished && unfinishedTimer != null) {
      unfinishedTimer.cancel();
      unfinishedTimer = null;
    }
  }

  private void checkFinished() {
    long left = UNFINISHED_MILLIS - (System.nanoTime() - unfinishedSince) / 1_000_000;
    if (left <= 0) {
      violate("stalls within a message");
    } else {
      unfinishedTimer = loop.runAfter(left, this::checkFinished);
    }
  }

  // --- after the child's end

  /**
   * Hears what an ended process has left, and tells the child when that is all. More may be in the
   * socket than one turn has room for.
   */
  void hearTheRest() {
    processEnded = true;
    ending = true;
    endPause();
    handleTurn();
    readLast();
  }

  private void readLast() {
    while (open && !nextTurnArranged && lastReads++ < LAST_READS) {
      readOnce();
    }
    if (!nextTurnArranged && !allHeard) {
      allHeard = true;
      close();
      child.allHeard();
    }
  }
}
