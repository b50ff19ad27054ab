/*
 * Other processes are started, waited for and ended through the JVM, which reaps its own children besides.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.ProcessFlags.SIGKILL;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NativeProcessTest {
  private static final long ENDED = 1L << 32;

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int shell(int input, String script) {
    byte[][] arguments = {bytes("sh"), bytes("-c"), bytes(script)};
    byte[][] environment = {bytes("PATH=/usr/bin:/bin"), bytes("GREETING=hello there")};
    int pid = Processes.spawn(bytes("/bin/sh"), arguments, environment, input, 2);
    assertTrue(pid > 0, () -> "spawn answered " + pid);
    return pid;
  }

  /** Waits by pidfd, ten seconds at most, for the wait status. */
  private static long end(int pid) {
    int pidfd = Processes.pidfdOpen(pid);
    assertTrue(pidfd >= 0, () -> "pidfd_open answered " + pidfd);
    assertEquals(1, Native.poll(new int[] {pidfd}, new short[] {1}, 1, 10_000));
    assertEquals(0, Native.close(pidfd));
    return Processes.waitpid(pid);
  }

  @Test
  void handsOverOneDescriptorAndNothingElse() {
    try (UnixPair p = UnixPair.open();
        UnixPair other = UnixPair.open()) {
      // This descriptor would leak if only close-on-exec were relied upon.
      assertEquals(0, Native.setCloseOnExec(other.near(), false));
      String script =
          "exec >&0; i=0; while [ $i -lt 500 ]; do [ -e /proc/$$/fd/$i ] && echo fd $i;"
              + " i=$((i + 1)); done; readlink /proc/$$/fd/1; env";
      assertEquals(ENDED, end(shell(p.far(), script)));
      Native.close(p.far());
      String said = p.readAll();
      List<String> lines = said.lines().toList();
      assertEquals(List.of("fd 0", "fd 1", "fd 2"), lines.subList(0, 3), said);
      assertTrue(lines.get(3).startsWith("socket:"), said);
      assertTrue(lines.contains("GREETING=hello there"), said);
      assertTrue(lines.stream().noneMatch(l -> l.startsWith("JAVA_HOME=")), said);
    }
  }

  @Test
  void tellsExitStatusAndSignal() {
    int input = Native.openat(-100, bytes("/dev/null"), 0, 0);
    int three = shell(input, "exit 3");
    assertEquals(ENDED | 3 << 8, end(three));
    assertEquals(-10, Processes.waitpid(three)); // ECHILD
    int sleeper = shell(input, "exec sleep 60");
    assertEquals(0, Processes.waitpid(sleeper));
    assertEquals(0, Processes.kill(sleeper, 0));
    assertEquals(0, Processes.kill(sleeper, SIGKILL));
    assertEquals(ENDED | SIGKILL, end(sleeper));
    assertEquals(0, Native.close(input));
  }

  @Test
  void refuses() {
    byte[][] one = {bytes("x")};
    byte[][] hidden = {bytes("A=1\0B=2")};
    assertEquals(-Errno.ENOENT, Processes.spawn(bytes("/nowhere"), one, new byte[0][], 0, 2));
    assertEquals(-Errno.EACCES, Processes.spawn(bytes("/etc/passwd"), one, new byte[0][], 0, 2));
    assertEquals(-Errno.EBADF, Processes.spawn(bytes("/bin/sh"), one, new byte[0][], 1 << 20, 2));
    assertEquals(-Errno.EINVAL, Processes.spawn(bytes("/bin/sh"), one, hidden, 0, 2));
    assertEquals(-Errno.EINVAL, Processes.spawn(bytes("/bin/sh"), hidden, new byte[0][], 0, 2));
    assertEquals(
        -Errno.EINVAL, Processes.spawn(bytes("/bin/sh"), new byte[0][], new byte[0][], 0, 2));
    assertEquals(
        -Errno.EFAULT, Processes.spawn(bytes("/bin/sh"), new byte[1][], new byte[0][], 0, 2));
    assertEquals(-Errno.EINVAL, Processes.kill(-1, 0));
    assertEquals(-Errno.EINVAL, Processes.kill(0, 0));
    assertEquals(-Errno.EINVAL, Processes.waitpid(-1));
    assertEquals(-Errno.EINVAL, Processes.pidfdOpen(0));
  }

  @Test
  void leavesOtherProcessesToJava() throws Exception {
    Process java = new ProcessBuilder("sh", "-c", "exit 5").start();
    int input = Native.openat(-100, bytes("/dev/null"), 0, 0);
    assertEquals(ENDED | 6 << 8, end(shell(input, "exit 6")));
    assertEquals(5, java.waitFor());
    assertEquals(0, Native.close(input));
  }

  @Test
  void knowsItself() {
    assertEquals(ProcessHandle.current().pid(), Native.getpid());
    int umask = Native.umask(027);
    assertEquals(027, Native.umask(umask));
  }
}
