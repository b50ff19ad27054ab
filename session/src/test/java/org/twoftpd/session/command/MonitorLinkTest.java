/*
 * Answers of a monitor that is late, and of one that is gone.
 */
package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.shared.fd.MessageChannel;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Message;

@Timeout(30)
class MonitorLinkTest {
  private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

  /** A channel whose answers the test puts in. */
  private static final class Scripted implements MessageChannel {
    final int ready = Native.eventfd();
    final Deque<Message> answers = new ArrayDeque<>();
    int descriptor = -1;
    int asked;
    boolean open = true;

    void answer(Message m) {
      answers.add(m);
      Native.write(ready, ONE, 0, ONE.length);
    }

    @Override
    public void send(Message message, int fd) throws IOException {
      assertTrue(message instanceof Message.PortRequest);
      asked++;
    }

    @Override
    public boolean receive() {
      Native.read(ready, new byte[8], 0, 8);
      return open;
    }

    @Override
    public Message next() {
      return answers.poll();
    }

    @Override
    public int descriptor() {
      descriptor = Native.eventfd();
      return descriptor;
    }

    @Override
    public int number() {
      return ready;
    }

    @Override
    public void close() {
      Native.close(ready);
    }
  }

  private final Scripted channel = new Scripted();
  private final MonitorLink link = new MonitorLink(channel, 50);

  @AfterEach
  void close() {
    channel.close();
  }

  @Test
  void aLateAnswerIsNotTakenForTheNextOnes() {
    assertEquals(-1, link.boundSocket());
    assertEquals(-1, link.boundSocket());
    channel.answer(new Message.PortGranted());
    channel.answer(new Message.PortGranted());
    channel.answer(new Message.PortRefused());
    assertEquals(-1, link.boundSocket());
    assertEquals(3, channel.asked);
    assertEquals(-Errno.EBADF, Native.setCloseOnExec(channel.descriptor, true), "put away");
    channel.answer(new Message.PortGranted());
    int fd = link.boundSocket();
    assertEquals(channel.descriptor, fd);
    assertEquals(0, Native.close(fd));
  }

  @Test
  void nobodyIsAskedAgainWhenTheMonitorIsGone() {
    channel.open = false;
    Native.write(channel.ready, ONE, 0, ONE.length);
    assertEquals(-1, link.boundSocket());
    assertEquals(-1, link.boundSocket());
    assertEquals(1, channel.asked);
  }
}
