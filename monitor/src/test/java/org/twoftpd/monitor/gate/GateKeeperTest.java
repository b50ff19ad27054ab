/*
 * Gates that do not get as far as serving.
 */
package org.twoftpd.monitor.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.tls.Signer;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ProcessEvent;
import org.twoftpd.shared.wire.GateMessage;

@Timeout(60)
class GateKeeperTest {
  /** Only deaths matter here. */
  private static final class Deaths implements GateClients {
    final LinkedBlockingQueue<String> reasons = new LinkedBlockingQueue<>();

    @Override
    public void gateTakesClients(boolean takes) {
      if (takes) {
        reasons.add("ready");
      }
    }

    void log(Event event) {
      switch (event) {
        case ProcessEvent.Hung hung -> reasons.add("hung: " + hung.what());
        case ProcessEvent.GateDied died -> reasons.add(died.reason());
        default -> {}
      }
    }

    @Override
    public void passwordGiven(Connection connection, GateMessage.LoginRequest request) {}

    @Override
    public void anonymousWanted(Connection connection, boolean answersPassword) {}

    @Override
    public void gone(Connection connection) {}

    @Override
    public void lost(Connection connection) {}
  }

  @Test
  void oneThatNeverSaysThatItIsReadyIsReplacedLaterEachTime(@TempDir Path home) throws Exception {
    Path program = home.resolve("runtime/bin/twoftpd-gate");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\nexec sleep 60\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    EventLoop loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    Deaths deaths = new Deaths();
    byte[] none = {};
    GateKeeper keeper =
        new GateKeeper(
            loop,
            new ChildCommands(home, false),
            new GateMessage.Setup(1, 1, new byte[] {'/'}, 10, false),
            new GateMessage.Options(none, 1, 1, AnonymousMode.OFF, false, false),
            deaths,
            TlsOffer.NONE,
            new Signer(loop),
            deaths::log,
            null,
            new GateKeeper.Patience(200, GateKeeper.Patience.USUAL.answers()));
    loop.post(keeper::start);
    Thread.ofPlatform().daemon().start(loop::run);
    long[] at = new long[4];
    for (int i = 0; i < at.length; i++) {
      assertEquals("killed: it is not ready within 0 s", deaths.reasons.poll(20, TimeUnit.SECONDS));
      at[i] = System.nanoTime();
    }
    // 100, 200 and 400 ms of waiting, besides the 200 that each gate has.
    assertTrue(at[3] - at[0] >= 1_200_000_000L, "no pause between them");
    loop.post(keeper::dismiss);
  }
}
