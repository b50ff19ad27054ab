/*
 * Answers of a monitor that is late, and of one that is gone.
 */
package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
    final List<Boolean> signs = new ArrayList<>();
    int descriptor = -1;
    int asked;
    boolean open = true;

    void answer(Message m) {
      answers.add(m);
      Native.write(ready, ONE, 0, ONE.length);
    }

    @Override
    public void send(Message message, int fd) throws IOException {
      if (message instanceof Message.Pong p) {
        signs.add(p.moved());
      } else {
        assertTrue(message instanceof Message.PortRequest || message instanceof Message.Serving);
        asked++;
      }
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
  void asksForSignsOfLifeAreAnsweredWhereverTheyCome() {
    channel.answer(new Message.Ping());
    // It came along with the assignment.
    link.serving();
    assertEquals(List.of(false), channel.signs);
    link.moved();
    channel.answer(new Message.Ping());
    link.answer();
    channel.answer(new Message.Ping());
    link.answer();
    assertEquals(List.of(false, true, false), channel.signs);
    channel.answer(new Message.Ping());
    channel.answer(new Message.PortGranted());
    channel.answer(new Message.Ping());
    int fd = link.boundSocket();
    assertEquals(channel.descriptor, fd);
    assertEquals(5, channel.signs.size());
  }

  @Test
  void aLateAnswerIsPutAwayWhenItComes() {
    assertEquals(-1, link.boundSocket());
    channel.answer(new Message.PortGranted());
    link.answer();
    assertEquals(-Errno.EBADF, Native.setCloseOnExec(channel.descriptor, true), "put away");
    channel.answer(new Message.PortGranted());
    int fd = link.boundSocket();
    assertEquals(channel.descriptor, fd);
  }

  @Test
  void whenTheMonitorIsGoneNobodyIsListenedTo() {
    assertEquals(channel.ready, link.fd());
    channel.open = false;
    Native.write(channel.ready, ONE, 0, ONE.length);
    link.answer();
    assertEquals(-1, link.fd());
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
