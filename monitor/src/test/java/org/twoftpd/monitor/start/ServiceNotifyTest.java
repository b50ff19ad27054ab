package org.twoftpd.monitor.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** What the service manager receives, sd_notify(3). */
@Timeout(20)
class ServiceNotifyTest {
  @TempDir Path directory;

  private static String receive(AFUNIXDatagramSocket manager) throws Exception {
    byte[] buffer = new byte[4096];
    java.net.DatagramPacket packet = new java.net.DatagramPacket(buffer, buffer.length);
    manager.setSoTimeout(10_000);
    manager.receive(packet);
    return new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  private static AFUNIXDatagramSocket bound(SocketAddress address) throws Exception {
    AFUNIXDatagramSocket manager = AFUNIXDatagramSocket.newInstance();
    manager.bind(address);
    return manager;
  }

  private static void tellsAll(AFUNIXDatagramSocket manager, String name) throws Exception {
    ServiceNotify notify = ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", name));
    notify.tellReady("listening on 127.0.0.1:21");
    assertEquals("READY=1\nSTATUS=listening on 127.0.0.1:21", receive(manager));
    long before = System.nanoTime() / 1000;
    notify.tellReloading();
    String reloading = receive(manager);
    assertTrue(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading);
    long told = Long.parseLong(reloading.substring(reloading.lastIndexOf('=') + 1));
    assertTrue(told >= before && told <= System.nanoTime() / 1000, reloading);
    notify.tellStopping();
    assertEquals("STOPPING=1", receive(manager));
  }

  @Test
  void tellsASocketByPath() throws Exception {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.of(path))) {
      tellsAll(manager, path.toString());
    }
  }

  @Test
  void tellsAnAbstractSocket() throws Exception {
    String name = "twoftpd-test-" + ProcessHandle.current().pid();
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.inAbstractNamespace(name))) {
      tellsAll(manager, "@" + name);
    }
  }

  @Test
  void tellsThatItIsAliveAsOftenAsIsWanted() throws Exception {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.of(path))) {
      ServiceNotify notify =
          ServiceNotify.fromEnvironment(
              Map.of(
                  "NOTIFY_SOCKET",
                  path.toString(),
                  "WATCHDOG_USEC",
                  "30000000",
                  "WATCHDOG_PID",
                  "" + ProcessHandle.current().pid()));
      assertEquals(15_000, notify.beatMillis());
      notify.tellAlive();
      assertEquals("WATCHDOG=1", receive(manager));
    }
    assertEquals(
        0, ServiceNotify.fromEnvironment(Map.of("WATCHDOG_USEC", "30000000")).beatMillis());
    assertEquals(0, beat("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1"));
    assertEquals(0, beat("WATCHDOG_USEC", "soon"));
    assertEquals(0, beat("WATCHDOG_USEC", "-5"));
    assertEquals(1, beat("WATCHDOG_USEC", "1"));
  }

  private static long beat(String... environment) {
    Map<String, String> all = new java.util.HashMap<>(Map.of("NOTIFY_SOCKET", "@nobody"));
    for (int i = 0; i < environment.length; i += 2) {
      all.put(environment[i], environment[i + 1]);
    }
    return ServiceNotify.fromEnvironment(all).beatMillis();
  }

  /** The loop tells it, and must not wait for a manager that does not read. */
  @Test
  void row46_aManagerThatDoesNotReadIsNotWaitedFor() throws Exception {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.of(path))) {
      ServiceNotify notify =
          ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", path.toString()));
      for (int i = 0; i < 5000; i++) {
        notify.tellReady("x".repeat(1000));
      }
      // What it had no room for comes later.
      String last = receive(manager);
      notify.tellAlive();
      while (!last.equals("WATCHDOG=1")) {
        last = receive(manager);
        notify.tellAlive();
      }
    }
  }

  @Test
  void aManagerThatWasAwayIsToldWhenItIsBack() throws Exception {
    Path path = directory.resolve("notify");
    ServiceNotify notify = ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", path.toString()));
    notify.tellReady("early");
    notify.tellAlive();
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.of(path))) {
      notify.tellAlive();
      assertEquals("READY=1\nSTATUS=early", receive(manager));
      assertEquals("WATCHDOG=1", receive(manager));
    }
    Files.deleteIfExists(path);
    notify.tellAlive();
    notify.tellReady("late");
    notify.tellAlive();
    try (AFUNIXDatagramSocket manager = bound(AFUNIXSocketAddress.of(path))) {
      notify.tellAlive();
      assertEquals("READY=1\nSTATUS=late", receive(manager));
      assertEquals("WATCHDOG=1", receive(manager));
    }
  }

  @Test
  void isSilentWithoutAManager() {
    ServiceNotify.fromEnvironment(Map.of()).tellReady("");
    ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", "relative")).tellReady("");
    ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString()))
        .tellReady("");
    ServiceNotify.fromEnvironment(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200))).tellStopping();
  }
}
