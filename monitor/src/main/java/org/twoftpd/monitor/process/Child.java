/*
 * Trusted with one process that the monitor has started: its line, its end.
 */
package org.twoftpd.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.twoftpd.monitor.EventLoop;
import org.twoftpd.shared.fd.JunixChannel;
import org.twoftpd.shared.fd.MessageChannel;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/** A gate or a session, from its start until it has been waited for. */
final class Child {
  private static final int SIGKILL = 9;
  private static final int LAST_READS = 256;

  /** Nothing of the monitor's own environment goes to a child. */
  private static final byte[][] ENVIRONMENT = {
    "MALLOC_ARENA_MAX=1".getBytes(StandardCharsets.US_ASCII),
    "LC_ALL=C.UTF-8".getBytes(StandardCharsets.US_ASCII)
  };

  private final EventLoop loop;
  private final Owner owner;
  private final MessageChannel channel;
  private final int pid;
  private final int pidfd;
  private boolean listening = true;
  private boolean reaped;

  /** Whoever has the child started. */
  interface Owner {
    /** A message, in the order in which they came. */
    void received(Message message) throws ProtocolViolation;

    /** The child broke the protocol and has been killed. */
    void violated(String what);

    /** The child has ended, with a status of waitpid(2); called once, after the last message. */
    void exited(int status);
  }

  private Child(EventLoop loop, Owner owner, MessageChannel channel, int pid, int pidfd) {
    this.loop = loop;
    this.owner = owner;
    this.channel = channel;
    this.pid = pid;
    this.pidfd = pidfd;
  }

  /** Starts a process that has one end of a new socketpair as its descriptor 0. */
  static Child start(EventLoop loop, Layout.Command command, Role role, Owner owner)
      throws IOException {
    JunixChannel.Pair pair = JunixChannel.pair(role);
    int pid = Native.spawn(command.path(), command.arguments(), ENVIRONMENT, pair.theirs());
    Native.close(pair.theirs());
    if (pid < 0) {
      pair.ours().close();
      throw new SystemCallException(-pid);
    }
    int pidfd = Native.pidfdOpen(pid);
    if (pidfd < 0) {
      Native.kill(pid, SIGKILL);
      pair.ours().close();
      throw new SystemCallException(-pidfd);
    }
    Child c = new Child(loop, owner, pair.ours(), pid, pidfd);
    loop.whenReadable(c.channel.number(), c::read);
    loop.whenReadable(pidfd, c::reap);
    return c;
  }

  int pid() {
    return pid;
  }

  /** Sends a message; a child that does not take it is killed. */
  void send(Message message, int descriptor) {
    if (!listening) {
      return;
    }
    try {
      channel.send(message, descriptor);
    } catch (IOException e) {
      violate("does not take messages: " + e.getMessage());
    }
  }

  void kill() {
    signal(SIGKILL);
  }

  /** Sends a signal; the pid is this child's until it has been waited for. */
  void signal(int number) {
    if (!reaped) {
      Native.kill(pid, number);
    }
  }

  private void read() {
    try {
      if (!channel.receive()) {
        stopListening();
        return;
      }
      for (Message m = next(); m != null; m = next()) {
        owner.received(m);
      }
    } catch (ProtocolViolation e) {
      violate(e.getMessage());
    } catch (IOException e) {
      stopListening();
    } catch (RuntimeException e) {
      // A fault of ours in handling one child must not end the others.
      violate("fault in handling it: " + e);
    }
  }

  private Message next() throws ProtocolViolation {
    return listening ? channel.next() : null;
  }

  private void violate(String what) {
    stopListening();
    kill();
    owner.violated(what);
  }

  private void stopListening() {
    if (listening) {
      listening = false;
      loop.forget(channel.number());
      channel.close();
    }
  }

  private void reap() {
    long status = Native.waitpid(pid);
    if (status == 0) {
      return;
    }
    reaped = true;
    for (int i = 0; listening && i < LAST_READS; i++) {
      // Its last words may still be in the socket.
      read();
    }
    stopListening();
    loop.forget(pidfd);
    Native.close(pidfd);
    owner.exited((int) status);
  }
}
