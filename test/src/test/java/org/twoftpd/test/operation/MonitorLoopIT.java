/*
 * Row 46: whatever happens to the service, the monitor's loop makes no system call that could wait for somebody, and it goes
 * on while a thread beside it waits in such a call.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Strace;

@Tag("alone")
@Timeout(240)
class MonitorLoopIT {
  /** The call in which the loop waits for events. */
  private static final Pattern WAIT = Pattern.compile("epoll_p?wait");

  /** A thread, a call and its arguments; the line may end before the call does. */
  private static final Pattern CALL = Pattern.compile("(\\d+) +(\\w+)\\((.*)");

  /**
   * Calls that return at once, whatever their arguments are: those of epoll, of sockets' names and
   * options, for new descriptors, for other processes, and what the virtual machine asks for
   * memory, threads and time.
   */
  private static final Set<String> NEVER_WAIT =
      Set.of(
          "epoll_wait epoll_pwait epoll_ctl accept4 getsockname getpeername getsockopt socket bind"
              .concat(
                  " socketpair fcntl kill tgkill getpid gettid getuid geteuid getrandom eventfd2")
              .concat(" mmap munmap mprotect madvise brk mremap futex sched_yield rt_sigprocmask")
              .concat(" rt_sigaction rt_sigreturn sigaltstack clone clone3 set_robust_list rseq")
              .concat(" prctl clock_gettime clock_getres gettimeofday clock_nanosleep membarrier")
              .concat(" restart_syscall sched_getaffinity getrusage sysinfo getcpu")
              .split(" ", -1));

  private static final String UNFINISHED = " <unfinished ...>";
  private static final Pattern RESUMED = Pattern.compile("\\d+ +<\\.\\.\\. \\w+ resumed>(.*)");

  private Chain chain;

  @BeforeEach
  void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("BIND_PORT", "20")
            .set("MAX_PER_IP", "8")
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    chain.close();
  }

  /** Null when the call cannot wait for anybody, else the call. */
  private static String fault(String call, String rest) {
    String first = rest.split(",", -1)[0];
    boolean may =
        NEVER_WAIT.contains(call)
            || switch (call) {
              // Only the monitor holds its ends of socketpairs, so nobody else can make them block.
              case "recvmsg", "read" -> first.contains("UNIX") || first.contains("eventfd");
              case "sendmsg" -> first.contains("UNIX");
              case "sendto" -> rest.contains("MSG_DONTWAIT");
              case "write" -> first.contains("UNIX") || first.contains("eventfd");
              case "wait4" -> rest.contains("WNOHANG");
              // The gate does not have this client yet, so it cannot have set SO_LINGER.
              case "setsockopt" -> !rest.contains("SO_LINGER");
              case "close" -> first.contains("pidfd") || first.contains("anon_inode");
              default -> false;
            };
    // The virtual machine loads a class when it is first used, from the program's own files.
    boolean program =
        (call.equals("pread64") || call.equals("read") || call.equals("lseek"))
            && (first.endsWith(".jar>") || first.endsWith("/lib/modules>"));
    return may || program ? null : call + "(" + rest;
  }

  @Test
  void row46_noCallOfTheLoopCanWait() throws Exception {
    List<String> lines;
    try (Strace trace = new Strace(chain.monitor(), "-yy", "-s", "60")) {
      everything();
      lines = trace.lines();
    }
    Set<String> loops = new TreeSet<>();
    List<String[]> calls = new ArrayList<>();
    for (String line : whole(lines)) {
      Matcher m = CALL.matcher(line);
      if (m.matches()) {
        calls.add(new String[] {m.group(1), m.group(2), m.group(3)});
        if (WAIT.matcher(m.group(2)).matches()) {
          loops.add(m.group(1));
        }
      }
    }
    // Gates that were started meanwhile have a loop too; their threads are not the monitor's.
    loops.retainAll(List.of(Path.of("/proc/" + chain.monitor() + "/task").toFile().list()));
    assertEquals(1, loops.size(), "the thread of the loop");
    Set<String> seen = new TreeSet<>();
    Set<String> faults = new TreeSet<>();
    for (String[] c : calls) {
      if (c[0].equals(loops.iterator().next())) {
        seen.add(c[1]);
        String fault = fault(c[1], c[2]);
        if (fault != null) {
          faults.add(fault);
        }
      }
    }
    assertEquals(Set.of(), faults);
    // These calls prove that what was to happen did happen.
    assertTrue(
        seen.containsAll(List.of("accept4", "bind", "write", "sendmsg", "recvmsg", "wait4")),
        seen::toString);
  }

  /** Joins the two halves of calls that another thread's call has interrupted in the output. */
  private static List<String> whole(List<String> lines) {
    List<String> all = new ArrayList<>();
    Map<String, String> begun = new HashMap<>();
    for (String line : lines) {
      String thread = line.split(" ", 2)[0];
      Matcher resumed = RESUMED.matcher(line);
      if (line.endsWith(UNFINISHED)) {
        begun.put(thread, line.substring(0, line.length() - UNFINISHED.length()));
      } else if (resumed.matches()) {
        all.add(begun.getOrDefault(thread, thread + " ") + resumed.group(1));
        begun.remove(thread);
      } else {
        all.add(line);
      }
    }
    all.addAll(begun.values());
    return all;
  }

  /**
   * Has happen what can happen to a monitor: clients log in, fail to, are turned away; port 20,
   * twoftpd-who, reloads; a gate and a session die.
   */
  private void everything() throws Exception {
    try (Dialogue a = chain.login("alice");
        Dialogue wrong = chain.connect()) {
      wrong.expect(331, "USER bob");
      wrong.expect(530, "PASS wrong");
      try (ServerSocket held = a.active()) {
        a.send("NLST\r\n");
        try (Socket data = held.accept()) {
          data.getInputStream().readAllBytes();
        }
        a.expect(150);
        a.expect(226);
      }
      List<Dialogue> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(new Dialogue("127.0.0.1", chain.port()));
      }
      assertEquals(421, all.getLast().reply().code());
      for (Dialogue d : all) {
        d.close();
      }
      askWho();
      assertTrue(chain.reload("TIMEOUT=500").contains("result=done"));
      assertTrue(chain.reload("TIMEOUT=soon").contains("result=refused"));
      Chain.signal("KILL", chain.children("gate").getFirst());
      wrong.expect(421);
      Chain.signal("KILL", chain.sessionsOf("alice").getFirst());
      assertTrue(a.isClosed());
    }
    Chain.eventuallyTold(
        "a client is served",
        () -> {
          try (Dialogue d = chain.login("bob")) {
            d.expect(221, "QUIT");
            return true;
          }
        });
  }

  private void askWho() throws Exception {
    String[] monitor =
        Files.readString(Path.of("/proc/" + chain.monitor() + "/cmdline")).split("\0", -1);
    List<String> arguments = List.of(monitor);
    String own = arguments.stream().filter(x -> x.startsWith("@")).findFirst().orElseThrow();
    Process p =
        new ProcessBuilder(
                monitor[0],
                own.replace("/monitor.args", "/who.args"),
                "--runtime",
                arguments.get(arguments.indexOf("--runtime") + 1))
            .redirectErrorStream(true)
            .start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(p.waitFor(60, TimeUnit.SECONDS) && p.exitValue() == 0, said);
  }

  /** strace makes each such call of that thread take longer than any client here waits. */
  @ParameterizedTest
  @CsvSource({"closer, close", "starter, 'clone,clone3,vfork'"})
  void row46_whileOneOfItsThreadsWaitsOthersAreServed(String thread, String calls)
      throws Exception {
    // Each of the threads starts when it first has something to do.
    everything();
    Path output = Files.createTempFile("twoftpd-strace", "");
    List<String> command =
        new ArrayList<>(
            List.of(
                "strace", "-o", output.toString(), "-e", "inject=" + calls + ":delay_enter=100s"));
    for (long tid : threads(thread)) {
      command.addAll(List.of("-p", Long.toString(tid)));
    }
    Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      for (long tid : threads(thread)) {
        Chain.eventually("strace is attached", () -> isTraced(tid));
      }
      for (int i = 0; i < 3; i++) {
        try (Dialogue d = chain.connect();
            Dialogue other = chain.connect()) {
          d.expect(331, "USER alice");
          other.expect(221, "QUIT");
        }
        try (Dialogue d = chain.login("bob")) {
          d.expect(257, "PWD");
        }
        assertTrue(chain.reload("TIMEOUT=50" + i).contains("result=done"));
        if (thread.equals("starter")) {
          // No new spare can start now, and the few that there are serve few logins.
          break;
        }
      }
      Chain.eventuallyTold(
          "the thread is within that call",
          () -> Files.readString(output).matches("(?s).*(" + calls.replace(',', '|') + ").*"));
      if (thread.equals("closer")) {
        chain.eventuallyLogged("closings-stall count=\\d+");
      }
    } finally {
      strace.destroy();
      strace.waitFor();
      Files.delete(output);
    }
  }

  private List<Long> threads(String name) throws IOException {
    List<Long> found = new ArrayList<>();
    for (String tid : Path.of("/proc/" + chain.monitor() + "/task").toFile().list()) {
      Path task = Path.of("/proc/" + chain.monitor() + "/task", tid);
      if (Files.readString(task.resolve("comm")).equals(name + "\n")) {
        found.add(Long.parseLong(tid));
      }
    }
    assertTrue(!found.isEmpty(), "no thread " + name);
    return found;
  }

  private boolean isTraced(long tid) {
    try {
      Path status = Path.of("/proc/" + chain.monitor() + "/task/" + tid + "/status");
      return !Files.readString(status).contains("TracerPid:\t0\n");
    } catch (IOException e) {
      return false;
    }
  }
}
