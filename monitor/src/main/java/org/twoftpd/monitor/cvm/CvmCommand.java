/*
 * Trusted with starting, as root, a program that the administrator has named.  The program gets an environment that is made
 * for it, and on descriptor 0 a request, which contains the password.
 */
package org.twoftpd.monitor.cvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmRequest;

/**
 * A module that is a program, started for each question. What it writes to standard error goes to
 * the monitor's.
 */
record CvmCommand(Path path, Map<String, String> environment) implements CvmClient {
  private static final Duration KILL_WAIT = Duration.ofSeconds(1);

  /**
   * {@inheritDoc}
   *
   * <p>The reply is read after the module has ended, since a read from a pipe has no timeout. Until
   * then it fits into the pipe.
   */
  @Override
  public byte[] ask(byte[] request, byte[] tag, Duration timeout) throws CvmFault {
    Process module = start();
    try {
      boolean read = write(module, request);
      if (!module.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw CvmClient.late(timeout);
      }
      int status = module.exitValue();
      byte[] reply = readPipe(module);
      if (!read || reply.length == 0) {
        throw new CvmFault(
            "ended with status "
                + status
                + (read ? " without an answer" : " without reading its request"));
      }
      // The exit status is the error number, as for the original twoftpd.
      reply[0] = (byte) status;
      return reply;
    } catch (InterruptedException _) {
      throw CvmClient.interrupted();
    } catch (IOException failure) {
      throw new CvmFault("cannot read from it: " + failure.getMessage());
    } finally {
      kill(module);
    }
  }

  private Process start() throws CvmFault {
    try {
      // The settings were checked long ago, and a directory may have another owner since.
      ModuleProgram.inspect(path.toString());
    } catch (IOException failure) {
      throw new CvmFault("is not started: " + failure.getMessage());
    }
    ProcessBuilder builder = new ProcessBuilder(path.toString());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new CvmFault("cannot be started: " + failure.getMessage());
    }
  }

  /**
   * Writes the request without waiting, since it fits into the pipe.
   *
   * @return false when the module did not read all of it
   */
  private static boolean write(Process module, byte[] request) {
    try (OutputStream to = module.getOutputStream()) {
      to.write(request);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** What a module that has ended left in its pipe; at most one byte more than a reply may have. */
  private static byte[] readPipe(Process module) throws IOException {
    byte[] reply = new byte[CvmRequest.LENGTH_MAX + 1];
    int length = 0;
    InputStream from = module.getInputStream();
    // Not until the end of the pipe: a child of the module may still hold it open.
    for (int n; length < reply.length && (n = from.available()) > 0; ) {
      length += from.read(reply, length, Math.min(n, reply.length - length));
    }
    return Arrays.copyOf(reply, length);
  }

  /**
   * Kills the module if it still runs. Its children come first, since they cannot be found when
   * their parent has ended.
   */
  private static void kill(Process module) {
    if (module.isAlive()) {
      module.descendants().forEach(ProcessHandle::destroyForcibly);
      module.destroyForcibly();
      boolean interrupted = Thread.interrupted();
      try {
        boolean _ = module.waitFor(KILL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      module.getInputStream().close();
    } catch (IOException _) {
      // Nothing is lost, since nothing was written to it.
    }
  }

  @Override
  public String toString() {
    return "cvm-command:" + path;
  }
}
