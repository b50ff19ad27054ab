/*
 * Children that are anything but well behaved, as shell scripts, with the loop that watches them.
 */
package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;

@Timeout(60)
class ChildTest {
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 21, 0);

  private final EventLoop loop;

  ChildTest() throws SystemCallException {
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    Thread.ofPlatform().daemon().start(loop::run);
  }

  /** What happened, in its order; and a moment to wait for. */
  private static class Log implements Child.Owner {
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void notStarted(String why) {
      events.add("not started: " + why);
      ended.countDown();
    }

    @Override
    public void received(Message message) {
      events.add("received " + message.type());
    }

    @Override
    public void said(byte[] line) {
      events.add("said " + new String(line, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void full() {
      events.add("full");
    }

    @Override
    public void drained() {
      events.add("drained");
    }

    @Override
    public void violated(String what) {
      events.add("violated " + what);
    }

    @Override
    public void exited(int status) {
      events.add("exited " + status);
      ended.countDown();
    }

    List<String> untilTheEnd() throws InterruptedException {
      assertTrue(ended.await(30, TimeUnit.SECONDS), events::toString);
      return new ArrayList<>(events);
    }

    String next() throws InterruptedException {
      return String.valueOf(events.poll(30, TimeUnit.SECONDS));
    }
  }

  private static ChildCommands.Command shell(String script) {
    byte[][] arguments = {bytes("sh"), bytes("-c"), bytes(script)};
    return new ChildCommands.Command(bytes("/bin/sh"), arguments);
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private <T> T onTheLoop(Callable<T> what) throws Exception {
    FutureTask<T> task = new FutureTask<>(what);
    loop.post(task);
    return task.get(30, TimeUnit.SECONDS);
  }

  private Child start(String script, int mostQueued, Log log) throws Exception {
    return onTheLoop(() -> Child.start(loop, () -> shell(script), Role.GATE, mostQueued, log));
  }

  @Test
  void itsLastWordsComeBeforeItsEnd() throws Exception {
    Log log = new Log();
    start("echo one >&2; printf 'two\\n\\n\\tthree' >&2; exit 3", 1, log);
    assertEquals(List.of("said one", "said two", "said \tthree", "exited 768"), log.untilTheEnd());
  }

  @Test
  void itHoldsNothingOfTheMonitors() throws Exception {
    Log log = new Log();
    Child child = start("echo ready >&2; exec sleep 60", 1, log);
    assertEquals("said ready", log.next());
    Path open = Path.of("/proc/" + child.pid() + "/fd");
    // The shell has more of its own for a moment, and so has the program that it becomes.
    for (int i = 0; i < 200 && !numbers(open).equals(List.of("0", "1", "2")); i++) {
      Thread.sleep(20);
    }
    assertEquals(List.of("0", "1", "2"), numbers(open));
    String in = Files.readSymbolicLink(open.resolve("0")).toString();
    String err = Files.readSymbolicLink(open.resolve("2")).toString();
    assertTrue(in.startsWith("socket:"), in);
    assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(open.resolve("1")));
    assertTrue(err.startsWith("socket:"), err);
    for (int fd = 0; fd <= 2; fd++) {
      String own = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
      assertFalse(own.equals(in) || own.equals(err), own);
    }
    onTheLoop(() -> {
      child.kill();
      return null;
    });
    log.untilTheEnd();
  }

  private static List<String> numbers(Path directory) {
    String[] names = directory.toFile().list();
    java.util.Arrays.sort(names);
    return List.of(names);
  }

  @Test
  void whatItSaysIsBounded() throws Exception {
    Log log = new Log();
    // The socket never blocks: what the monitor does not read is lost, and the child goes on.
    Child child =
        start(
            "head -c 5000 /dev/zero | tr '\\0' x >&2; echo >&2;"
                + " i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done >&2 2>/dev/null;"
                + " exec sleep 60",
            1,
            log);
    List<String> said = new ArrayList<>();
    while (said.size() <= ErrorOutput.LINES) {
      said.add(log.next());
    }
    assertEquals("said " + "x".repeat(ErrorOutput.LINE_MAX), said.getFirst());
    assertTrue(said.getLast().contains("no more of this"), said::toString);
    Thread.sleep(300);
    assertEquals(List.of(), List.copyOf(log.events));
    onTheLoop(() -> {
      child.kill();
      return null;
    });
    assertEquals(List.of("exited 9"), log.untilTheEnd());
  }

  /**
   * One that says much, and then ends with all of it unread, takes no more of a turn than others.
   */
  @Test
  void row47_manyMessagesAreHandledInManyTurns(@TempDir Path directory) throws Exception {
    // As many as its line holds at once.
    int all = 10_000;
    byte[] one = Codec.encode(new GateMessage.Ready());
    byte[] frames = new byte[all * one.length];
    for (int i = 0; i < all; i++) {
      System.arraycopy(one, 0, frames, i * one.length, one.length);
    }
    Path file = Files.write(directory.resolve("frames"), frames);
    AtomicInteger inTurn = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger received = new AtomicInteger();
    Log log =
        new Log() {
          @Override
          public void received(Message message) {
            received.incrementAndGet();
            most.accumulateAndGet(inTurn.incrementAndGet(), Math::max);
          }
        };
    Path go = directory.resolve("go");
    String wait = "while [ ! -e " + go + " ]; do sleep 0.05; done";
    Child child = start("echo ready >&2; " + wait + "; cat " + file + " >&0", 1, log);
    assertEquals("said ready", log.next());
    // The loop finds its messages and its end together.
    loop.post(() -> assertTrue(waitForTheEnd(child.pid(), go)));
    loop.post(() -> countTurns(inTurn, log));
    assertEquals(List.of("exited 0"), log.untilTheEnd());
    assertEquals(all, received.get());
    assertTrue(most.get() <= 200, () -> most + " messages in one turn");
  }

  private void countTurns(AtomicInteger inTurn, Log log) {
    inTurn.set(0);
    if (log.ended.getCount() > 0) {
      loop.runNextTurn(() -> countTurns(inTurn, log));
    }
  }

  /** Has it go on, and waits until it has ended. */
  private static boolean waitForTheEnd(int pid, Path go) {
    try {
      Files.createFile(go);
      for (int i = 0; i < 500; i++) {
        if (Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ")) {
          return true;
        }
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return false;
  }

  @Test
  void oneThatReadsLateGetsEverything(@TempDir Path directory) throws Exception {
    Log log = new Log();
    Path go = directory.resolve("go");
    Child child =
        start("while [ ! -e " + go + " ]; do sleep 0.05; done; exec cat >/dev/null", 5000, log);
    send(child, 3000);
    assertEquals("full", log.next());
    assertEquals(null, log.events.poll(200, TimeUnit.MILLISECONDS));
    Files.createFile(go);
    assertEquals("drained", log.next());
    onTheLoop(() -> {
      child.kill();
      return null;
    });
    assertEquals(List.of("exited 9"), log.untilTheEnd());
  }

  @Test
  void oneThatLeavesTooMuchWaitingIsKilled() throws Exception {
    Log log = new Log();
    Child child = start("exec sleep 60", 100, log);
    send(child, 3000);
    assertEquals("full", log.next());
    assertEquals(
        List.of("violated does not take messages: Temporarily not possible", "exited 9"),
        log.untilTheEnd());
  }

  private void send(Child child, int messages) throws Exception {
    int fd = Native.openat(-100, bytes("/dev/null"), 0, 0);
    onTheLoop(() -> {
      for (int i = 0; i < messages; i++) {
        child.send(new GateMessage.Connected(i, HERE, HERE, false), fd);
      }
      return null;
    });
    Native.close(fd);
  }

  /** Words without an end keep the monitor no busier than lines do. */
  @Test
  void wordsWithoutALineEndAreNotReadWithoutEnd() throws Exception {
    Log log = new Log();
    Child child = start("exec head -c 1000000000 /dev/zero >&2", 1, log);
    assertEquals("said (no more of this is logged for ten seconds)", log.next());
    onTheLoop(() -> {
      child.kill();
      return null;
    });
    List<String> rest = log.untilTheEnd();
    assertTrue(rest.size() == 1 && rest.getFirst().startsWith("exited "), rest::toString);
  }

  /** One that is heard so late that nothing else of a test can be later. */
  private static final class Gathering extends Log {
    final AtomicReference<Child> child = new AtomicReference<>();

    @Override
    public void received(Message message) {
      super.received(message);
      child.get().gather(2000);
    }
  }

  private List<String> gathered(String script) throws Exception {
    Gathering log = new Gathering();
    StringBuilder octal = new StringBuilder();
    for (byte b : Codec.encode(new GateMessage.Ready())) {
      octal.append(String.format("\\%03o", b & 0xff));
    }
    onTheLoop(() -> {
      ChildCommands.Command command = shell(script.replace("READY", octal));
      log.child.set(Child.start(loop, () -> command, Role.GATE, 1, log));
      return null;
    });
    return log.untilTheEnd();
  }

  @Test
  void whatFollowsIsGathered() throws Exception {
    String ready = "received GATE_READY";
    assertEquals(
        List.of(ready, "said later", ready, "exited 0"),
        gathered("printf 'READY' >&0; sleep 0.2; printf 'READY' >&0; echo later >&2; sleep 3"));
    // What has come along is handled, and the end ends it.
    assertEquals(
        List.of(ready, ready, "said later", ready, "exited 0"),
        gathered(
            "printf 'READYREADY' >&0; sleep 0.2; echo later >&2; sleep 0.2; printf 'READY' >&0"));
  }

  @Test
  void whoClosesItsLineAndLivesOnIsEnded() throws Exception {
    Log log = new Log();
    start("exec 0<&-; exec sleep 60", 1, log);
    assertEquals(
        List.of("violated has closed its line and lives on", "exited 9"), log.untilTheEnd());
  }

  /** However often a read ends within one, each message has its own time. */
  @Test
  void onlyTheMessageThatDoesNotGoOnIsAStall() throws Exception {
    StringBuilder octal = new StringBuilder();
    for (byte b : Codec.encode(new GateMessage.Ready())) {
      octal.append(String.format("\\%03o", b & 0xff));
    }
    String begin = octal.substring(0, 4);
    String on = "sleep 1; printf '" + octal.substring(4) + begin + "' >&0;";
    Log log = new Log();
    start("printf '" + begin + "' >&0;" + on.repeat(7) + "sleep 60", 1, log);
    List<String> events = new ArrayList<>(Collections.nCopies(7, "received GATE_READY"));
    events.addAll(List.of("violated stalls within a message", "exited 9"));
    assertEquals(events, log.untilTheEnd());
  }

  /** More than the monitor reads at a time. */
  @Test
  void allThatHasComeIsHeardBeforeMoreIsGathered() throws Exception {
    List<String> all = new ArrayList<>(Collections.nCopies(1000, "received GATE_READY"));
    all.addAll(List.of("said later", "exited 0"));
    assertEquals(
        all,
        gathered(
            "f=$(mktemp); printf '"
                + "READY".repeat(1000)
                + "' >$f; cat $f >&0; rm $f; sleep 0.2; echo later >&2; sleep 3"));
  }

  @Test
  void oneThatCannotBeWatchedIsKilledAndWaitedFor() throws Exception {
    // What the library opens for itself is not to be counted.
    Log first = new Log();
    start("exit 0", 1, first);
    first.untilTheEnd();
    List<String> before = descriptors();
    AtomicInteger pid = new AtomicInteger();
    Log second = new Log();
    onTheLoop(() ->
        Child.start(
            loop,
            () -> shell("exec sleep 60"),
            Role.GATE,
            1,
            second,
            p -> {
              pid.set(p);
              return -Errno.EMFILE;
            }));
    assertEquals(List.of("not started: Too many open files"), second.untilTheEnd());
    Path process = Path.of("/proc/" + pid);
    for (int i = 0; i < 500 && Files.exists(process); i++) {
      Thread.sleep(20);
    }
    assertFalse(Files.exists(process), "it is still there, or a zombie");
    List<String> left = List.of("not looked");
    for (int i = 0; i < 500 && !left.isEmpty(); i++) {
      // Another thread closes what others have.
      Thread.sleep(20);
      left = new ArrayList<>(descriptors());
      left.removeAll(before);
    }
    assertEquals(List.of(), left);
  }

  @Test
  void aProgramThatIsNotThereIsToldOf() throws Exception {
    Log log = new Log();
    ChildCommands.Command nothing =
        new ChildCommands.Command(bytes("/nowhere/x"), new byte[][] {bytes("x")});
    onTheLoop(() -> Child.start(loop, () -> nothing, Role.GATE, 1, log));
    assertEquals(List.of("not started: No such file or directory"), log.untilTheEnd());
  }

  /** What is sent before there is a process is heard by it, and one that is not wanted ends. */
  @Test
  void theTimeBeforeThereIsAProcessLosesNothing() throws Exception {
    Log log = new Log();
    CountDownLatch disk = new CountDownLatch(1);
    int length = Codec.encode(new GateMessage.LoginGranted(7)).length;
    Child child =
        onTheLoop(() -> {
          Child c =
              Child.start(
                  loop,
                  () -> {
                    try {
                      disk.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    return shell("head -c " + length + " <&0 | wc -c >&2; exec sleep 60");
                  },
                  Role.GATE,
                  1,
                  log);
          c.send(new GateMessage.LoginGranted(7), -1);
          return c;
        });
    assertEquals(0, child.pid());
    // The loop goes on meanwhile.
    assertEquals(1, onTheLoop(() -> 1));
    disk.countDown();
    assertEquals("said " + length, log.next());
    onTheLoop(() -> {
      child.kill();
      return null;
    });
    assertEquals(List.of("exited 9"), log.untilTheEnd());
    Log other = new Log();
    onTheLoop(() -> {
      Child.start(loop, () -> shell("exec sleep 60"), Role.GATE, 1, other).kill();
      return null;
    });
    assertEquals(List.of("exited 9"), other.untilTheEnd());
  }

  private static List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    for (String name : Path.of("/proc/self/fd").toFile().list()) {
      Path link = Path.of("/proc/self/fd", name);
      if (Files.isSymbolicLink(link)) {
        open.add(name + " " + Files.readSymbolicLink(link));
      }
    }
    open.sort(null);
    return open;
  }
}
