/*
 * Children that answer, that hang, that are stopped, and that wait for a disk, as shell scripts.
 */
package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

@Timeout(60)
class LivenessCheckTest {
  private static final int PING = Codec.encode(new GateMessage.Ping()).length;

  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final EventLoop loop;
  private Child child;
  private LivenessCheck life;

  LivenessCheckTest() throws SystemCallException {
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    Thread.ofPlatform().daemon().start(loop::run);
  }

  private final Child.Owner owner =
      new Child.Owner() {
        @Override
        public void notStarted(String why) {
          events.add("not started: " + why);
        }

        @Override
        public void received(Message message) throws ProtocolViolation {
          if (message instanceof GateMessage.Ready) {
            life.start();
          } else {
            life.handleAnswer();
            events.add("alive");
          }
        }

        @Override
        public void said(byte[] line) {
          events.add("said " + new String(line, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void violated(String what) {
          events.add("violated " + what);
        }

        @Override
        public void exited(int status) {
          life.stop();
          events.add("exited " + status);
        }
      };

  private static String octal(Message m) {
    StringBuilder s = new StringBuilder();
    for (byte b : Codec.encode(m)) {
      s.append(String.format("\\%03o", b & 0xff));
    }
    return s.toString();
  }

  /** READY and PONG in the script are said; HEAR takes one question. */
  private void start(String script, LivenessCheck.Patience patience) {
    String all =
        script
            .replace("READY", "printf '" + octal(new GateMessage.Ready()) + "' >&0")
            .replace("PONG", "printf '" + octal(new GateMessage.Pong()) + "' >&0")
            .replace("HEAR", "head -c " + PING + " <&0 >/dev/null");
    byte[][] arguments = {bytes("sh"), bytes("-c"), bytes(all)};
    loop.post(() -> {
      try {
        child =
            Child.start(
                loop,
                () -> new ChildCommands.Command(bytes("/bin/sh"), arguments),
                Role.GATE,
                10,
                owner);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      life =
          new LivenessCheck(
              loop,
              child,
              new GateMessage.Ping(),
              patience,
              what -> {
                events.add("hung " + what);
                child.kill();
              });
    });
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String next() throws InterruptedException {
    return String.valueOf(events.poll(30, TimeUnit.SECONDS));
  }

  @AfterEach
  void end() {
    loop.post(child::kill);
  }

  @Test
  void row48_oneThatAnswersIsAskedAgainAndOneThatCeasesToIsKilled() throws InterruptedException {
    start("READY; HEAR; PONG; HEAR; PONG; exec sleep 60", new LivenessCheck.Patience(50, 300, 600));
    assertEquals("alive", next());
    assertEquals("alive", next());
    assertTrue(next().startsWith("hung has given no sign of life for "));
    assertEquals("exited 9", next());
  }

  @Test
  void row48_aStoppedOneIsNotWaitedForAsLong() throws InterruptedException {
    start("READY; HEAR; kill -STOP $$", new LivenessCheck.Patience(50, 300, 1_000_000));
    String hung = next();
    assertTrue(hung.endsWith(" s: it is stopped"), hung);
    assertEquals("exited 9", next());
  }

  /** vfork(2) keeps the parent in the state that a disk keeps it in. */
  @Test
  void row48_oneThatTheKernelKeepsWaitingIsNotKilled() throws Exception {
    start(
        "READY; exec python3 -c 'import ctypes, os; l = ctypes.CDLL(None); os.write(2,"
            + " b\"in\\n\")\n"
            + "if l.vfork() == 0: l.pause()'",
        new LivenessCheck.Patience(50, 300, 600));
    assertEquals("said in", next());
    assertEquals(null, events.poll(4, TimeUnit.SECONDS));
    Path children = Path.of("/proc/" + child.pid() + "/task/" + child.pid() + "/children");
    for (String pid : Files.readString(children).trim().split(" ", -1)) {
      new ProcessBuilder("kill", "-KILL", pid).start().waitFor();
    }
    assertTrue(next().startsWith("exited "));
  }

  @Test
  void row48_answersThatNobodyAskedForAreAViolation() throws InterruptedException {
    start("READY; HEAR; PONG; PONG; exec sleep 60", new LivenessCheck.Patience(50, 10_000, 20_000));
    assertEquals("alive", next());
    assertEquals("violated answers what it was not asked", next());
    assertEquals("exited 9", next());
  }
}
