/*
 * Logins, and commands before a login, are shared out by source and by user, so that one who takes much delays himself.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

@Tag("alone")
@Timeout(180)
class FairnessIT {
  /** Others that may be served first: those whose sessions are ready at that moment. */
  private static final int A_FEW = 6;

  private static List<String> users(Chain chain) throws IOException {
    return chain
        .log()
        .lines()
        .filter(l -> l.startsWith("login user="))
        .map(l -> l.replaceAll("login user=(\\S+) .*", "$1"))
        .toList();
  }

  private static void closeAll(List<Dialogue> all) throws IOException {
    for (Dialogue d : all) {
      d.close();
    }
  }

  /** Sixty logins wait, and two sessions start in a second, so that the last would wait 30 s. */
  @Test
  void row52_anotherSourceIsServedBeforeThoseWhoWait() throws Exception {
    List<Dialogue> all = new ArrayList<>();
    try (Chain chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("SPARES", "0")
            .set("SPAWN_RATE", "2")
            .set("MAX_PER_USER", "100")
            .start()) {
      try {
        for (int i = 0; i < 60; i++) {
          Dialogue d = chain.connectFrom("127.0.9." + (1 + i % 10));
          all.add(d);
          d.expect(220);
          d.expect(331, "USER alice");
        }
        for (Dialogue d : all) {
          d.send("PASS pw-alice\r\n");
        }
        Chain.eventuallyTold("some are served", () -> users(chain).size() >= 3);
        Dialogue seldom = chain.connectFrom("127.0.10.1");
        all.add(seldom);
        seldom.expect(220);
        seldom.expect(331, "USER bob");
        int before = users(chain).size();
        seldom.expect(230, "PASS " + chain.user("bob").password());
        Chain.eventuallyTold("it is logged", () -> users(chain).contains("bob"));
        int others = users(chain).indexOf("bob") - before;
        assertTrue(others <= A_FEW, () -> others + " others were served first");
        assertTrue(users(chain).size() < 40, "nobody waited");
        // Those who wait are served all the same.
        int served = users(chain).size();
        Chain.eventuallyTold("the others go on", () -> users(chain).size() >= served + 3);
      } finally {
        closeAll(all);
      }
    }
  }

  /** While one source logs in and quits all the time, others find a spare. */
  @Test
  void row52_aSourceThatLogsInWithoutEndDelaysItself() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> flood = new ArrayList<>();
    try (Chain chain = Chain.options().user("alice").user("bob").start()) {
      for (int i = 0; i < 8; i++) {
        flood.add(Thread.ofVirtual().start(() -> comeAndGo(chain, over)));
      }
      try {
        Chain.eventuallyTold("it goes on", () -> users(chain).size() >= 12);
        int others = 0;
        int times = 5;
        for (int i = 0; i < times; i++) {
          try (Dialogue d = chain.connectFrom("127.0.12." + (i + 1))) {
            d.expect(220);
            d.expect(331, "USER bob");
            int before = users(chain).size();
            d.expect(230, "PASS pw-bob");
            int mine = i + 1;
            Chain.eventuallyTold("it is logged", () -> bobs(chain) == mine);
            others += Math.max(0, users(chain).lastIndexOf("bob") - before);
          }
        }
        int all = others;
        assertTrue(all <= A_FEW * times, () -> all + " were served before " + times);
      } finally {
        over.set(true);
        for (Thread t : flood) {
          t.join();
        }
      }
    }
  }

  private static long bobs(Chain chain) throws IOException {
    return users(chain).stream().filter("bob"::equals).count();
  }

  private static void comeAndGo(Chain chain, AtomicBoolean over) {
    while (!over.get()) {
      try (Dialogue d = chain.connectFrom("127.0.11.1")) {
        d.send("USER alice\r\nPASS pw-alice\r\nQUIT\r\n");
        d.expect(220);
        d.expect(331);
        d.expect(230);
        d.expect(221);
      } catch (IOException | AssertionError e) {
        // A client that is turned away tries again.
      }
    }
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** What the gate answers to those who do not log in is bounded, however much they send. */
  @Test
  void row52_commandsBeforeLoginHaveABudget() throws Exception {
    try (Chain chain = Chain.options().user("alice").start()) {
      List<Dialogue> flood = new ArrayList<>();
      try {
        long begin = System.nanoTime();
        for (int i = 0; i < 8; i++) {
          Dialogue d = chain.connectFrom("127.0.13.1");
          flood.add(d);
          d.expect(220);
          d.send("NOOP\r\n".repeat(1001));
        }
        try (Dialogue d = chain.login("alice")) {
          d.expect(221, "QUIT");
        }
        for (Dialogue d : flood) {
          for (int i = 0; i < 1000; i++) {
            d.expect(200);
          }
          assertEquals("Too many commands without a login. Goodbye.", d.expect(421).text());
          assertTrue(d.isClosed());
        }
        // Three thousand are saved up, and five hundred come in a second.
        assertTrue(since(begin).toMillis() >= 9900, () -> "8000 answered in " + since(begin));
        chain.eventuallyLogged("disconnect address=127.0.13.1 .*reason=no-login");
      } finally {
        closeAll(flood);
      }
    }
  }
}
