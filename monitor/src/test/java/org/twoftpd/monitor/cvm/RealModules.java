/*
 * Debian's own modules, run as its package installs them.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the real modules as servers. */
final class RealModules {
  static final String PWFILE = "/usr/bin/cvm-pwfile";
  static final String UNIX = "/usr/bin/cvm-unix";
  static final String QMAIL = "/usr/bin/cvm-qmail";
  static final String TESTCLIENT = "/usr/bin/cvm-testclient";

  /** crypt(3) of "secret", by the C library and not by the code under test. */
  static final String HASH_OF_SECRET = hash("secret");

  private RealModules() {}

  /** Fails, naming what to install, when the package is not there. */
  static void require() {
    for (String program : new String[] {PWFILE, UNIX, QMAIL, TESTCLIENT}) {
      if (!Files.isExecutable(Path.of(program))) {
        fail(program + " is missing: install Debian's package cvm");
      }
    }
  }

  private static String hash(String password) {
    return run(null, "/usr/bin/perl", "-e", "print crypt('" + password + "', '$6$abcdefgh')");
  }

  /** Runs a program to its end and returns what it printed; fails when it does. */
  static String run(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var to = process.getOutputStream()) {
        to.write(ReplyBytes.ascii(input == null ? "" : input));
      }
      String output = ReplyBytes.text(process.getInputStream().readAllBytes());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), command[0] + " did not end");
      if (process.exitValue() != 0) {
        fail(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException | InterruptedException failure) {
      return fail(command[0], failure);
    }
  }

  /** A module that runs as a server until it is closed. */
  record Server(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
      process.destroyForcibly();
    }
  }

  /** Starts {@code program address} and waits until it serves. */
  static Server serve(String program, String address, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program, address);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Server server = new Server(builder.start());
    for (int i = 0; i < 2000; i++) {
      if (isServing(address)) {
        return server;
      }
      Thread.sleep(10);
    }
    server.close();
    return fail(program + " does not serve " + address);
  }

  private static boolean isServing(String address) throws IOException {
    if (address.startsWith("cvm-local:")) {
      // The path is there a moment before the module listens: the flag in proc(5) says that it
      // does.
      String path = address.substring("cvm-local:".length());
      return Files.readAllLines(Path.of("/proc/net/unix")).stream()
          .anyMatch(line -> line.contains(" 00010000 ") && line.endsWith(" " + path));
    }
    String port = String.format("%04X", Integer.parseInt(address.replaceAll(".*:", "")));
    return Files.readAllLines(Path.of("/proc/net/udp")).stream()
        .anyMatch(line -> line.matches(" *[0-9]+: [0-9A-F]+:" + port + " .*"));
  }

  /** A UDP port on the loopback address that nobody uses. */
  static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
