package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.fd.SocketToMonitor;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.IncomingMessages;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;

/** The session goes on with a monitor that answers late, that is gone, or that does not listen. */
@Timeout(30)
class MonitorLinkTest {
  private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

  /** A channel to a monitor whose answers the test chooses. */
  private static final class Scripted implements ChannelToMonitor {
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
    public void send(Message message) throws IOException {
      if (message instanceof SessionMessage.Pong p) {
        signs.add(p.moved());
      } else {
        assertTrue(
            message instanceof SessionMessage.PortRequest
                || message instanceof SessionMessage.Serving);
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
    assertEquals(-1, link.requestBoundSocket());
    assertEquals(-1, link.requestBoundSocket());
    channel.answer(new SessionMessage.PortGranted());
    channel.answer(new SessionMessage.PortGranted());
    channel.answer(new SessionMessage.PortRefused());
    assertEquals(-1, link.requestBoundSocket());
    assertEquals(3, channel.asked);
    assertEquals(-Errno.EBADF, Native.setCloseOnExec(channel.descriptor, true), "put away");
    channel.answer(new SessionMessage.PortGranted());
    int fd = link.requestBoundSocket();
    assertEquals(channel.descriptor, fd);
    assertEquals(0, Native.close(fd));
  }

  @Test
  void asksForSignsOfLifeAreAnsweredWhereverTheyCome() {
    channel.answer(new SessionMessage.Ping());
    // The question came together with the assignment.
    link.reportServing();
    assertEquals(List.of(false), channel.signs);
    link.noteProgress();
    channel.answer(new SessionMessage.Ping());
    link.answerQuestion();
    channel.answer(new SessionMessage.Ping());
    link.answerQuestion();
    assertEquals(List.of(false, true, false), channel.signs);
    channel.answer(new SessionMessage.Ping());
    channel.answer(new SessionMessage.PortGranted());
    channel.answer(new SessionMessage.Ping());
    int fd = link.requestBoundSocket();
    assertEquals(channel.descriptor, fd);
    assertEquals(5, channel.signs.size());
  }

  @Test
  void aLateAnswerIsPutAwayWhenItComes() {
    assertEquals(-1, link.requestBoundSocket());
    channel.answer(new SessionMessage.PortGranted());
    link.answerQuestion();
    assertEquals(-Errno.EBADF, Native.setCloseOnExec(channel.descriptor, true), "put away");
    channel.answer(new SessionMessage.PortGranted());
    int fd = link.requestBoundSocket();
    assertEquals(channel.descriptor, fd);
  }

  @Test
  void whenTheMonitorIsGoneNobodyIsListenedTo() {
    assertEquals(channel.ready, link.questionFd());
    channel.open = false;
    Native.write(channel.ready, ONE, 0, ONE.length);
    link.answerQuestion();
    assertEquals(-1, link.questionFd());
  }

  @Test
  void nobodyIsAskedAgainWhenTheMonitorIsGone() {
    channel.open = false;
    Native.write(channel.ready, ONE, 0, ONE.length);
    assertEquals(-1, link.requestBoundSocket());
    assertEquals(-1, link.requestBoundSocket());
    assertEquals(1, channel.asked);
  }

  /**
   * A channel to a monitor that hears nothing until the test lets it. It notes what the monitor
   * heard, and for how long the session waited for room.
   */
  private static final class Deaf implements ChannelToMonitor {
    final List<Message> heard = new ArrayList<>();
    final List<Integer> waits = new ArrayList<>();
    boolean hears;

    @Override
    public void send(Message message) {
      throw new AssertionError("a session waits for room no longer than it says");
    }

    @Override
    public boolean offer(Message message, int millis) {
      if (hears) {
        heard.add(message);
      } else {
        waits.add(millis);
      }
      return hears;
    }

    @Override
    public boolean receive() {
      return true;
    }

    @Override
    public Message next() {
      return null;
    }

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public int number() {
      return -1;
    }

    @Override
    public void close() {}
  }

  @Test
  void row47_whatWasUnheardIsToldAsSoonAsTheMonitorHearsAgain() {
    Deaf monitor = new Deaf();
    MonitorLink said = new MonitorLink(monitor);
    said.reportServing();
    int all = 1000;
    for (int i = 0; i < all; i++) {
      said.report(new SessionReport.RequestLine(new byte[] {'x'}));
    }
    assertTrue(monitor.waits.getFirst() > 0, "a monitor that is slow is waited for");
    assertEquals(0, monitor.waits.stream().skip(1).mapToInt(i -> i).sum(), "but not again");
    monitor.hears = true;
    said.report(new SessionReport.RequestLine(new byte[] {'y'}));
    assertEquals(new SessionMessage.Serving(), monitor.heard.get(0));
    assertEquals(new SessionMessage.Unheard(all), monitor.heard.get(1));
    assertTrue(monitor.heard.get(2) instanceof SessionReport.RequestLine);
    monitor.hears = false;
    said.report(new SessionReport.RequestLine(new byte[] {'z'}));
    monitor.hears = true;
    said.reportEnd(EndReason.QUIT, 1, 2);
    assertEquals(
        List.of(new SessionMessage.Unheard(1), new SessionMessage.Ended(EndReason.QUIT, 1, 2)),
        monitor.heard.subList(3, monitor.heard.size()));
  }

  /** Over the real channel, every message is received whole or counted as lost. */
  @Test
  void row47_everyMessageIsHeardOrCounted() throws Exception {
    assertAllIsHeardOrCounted(0);
  }

  /** A monitor that holds a session back may hear nothing new of it for some seconds. */
  @Test
  void row47_aMonitorThatHearsLateIsToldOfTheEnd() throws Exception {
    assertAllIsHeardOrCounted(5000);
  }

  private static void assertAllIsHeardOrCounted(int late) throws Exception {
    int[] ends = new int[2];
    assertEquals(0, Native.socketpair(ends));
    MonitorLink said = new MonitorLink(new SocketToMonitor(ends[0], Role.SESSION));
    said.reportServing();
    int all = 20_000;
    for (int i = 0; i < all; i++) {
      said.report(new SessionReport.Deleted(true, new byte[i % 3000]));
    }
    IncomingMessages monitor = new IncomingMessages(Role.SESSION, Role.MONITOR);
    Thread writer = Thread.ofPlatform().start(() -> said.reportEnd(EndReason.QUIT, 0, 0));
    assertFalse(writer.join(Duration.ofMillis(late)), "the end waits to be heard");
    long heard = 0;
    long unheard = 0;
    Message last = null;
    byte[] buffer = new byte[16384];
    while (!(last instanceof SessionMessage.Ended)) {
      Native.poll(new int[] {ends[1]}, new short[] {1}, 1, 100);
      assertTrue(monitor.receive(ends[1], buffer, new int[0]));
      for (Message m = monitor.next(); m != null; m = monitor.next()) {
        heard += m instanceof SessionReport.Deleted ? 1 : 0;
        unheard += m instanceof SessionMessage.Unheard u ? u.lines() : 0;
        last = m;
      }
    }
    writer.join();
    assertTrue(heard > 0 && unheard > 0);
    assertEquals(all, heard + unheard);
    Native.close(ends[0]);
    Native.close(ends[1]);
  }
}
