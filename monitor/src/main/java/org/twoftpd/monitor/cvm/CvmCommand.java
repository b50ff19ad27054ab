/*
 * Trusted with starting a program as root: one that the administrator named, with a request that holds a password on
 * its descriptor 0 and an environment that was built from nothing.
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

/** A module that is started for each question; what it says on descriptor 2 goes to our own. */
record CvmCommand(Path path, Map<String, String> environment) implements CvmClient {
  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  /**
   * {@inheritDoc}
   *
   * <p>A reply fits the pipe, so it is read when the module has ended and not before: a read from a
   * pipe has no timeout.
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
      byte[] reply = remains(module);
      if (!read || reply.length == 0) {
        throw new CvmFault(
            "ended with status "
                + status
                + (read ? " without an answer" : " without reading its request"));
      }
      // The original's rule: what the module ended with is what counts.
      reply[0] = (byte) status;
      return reply;
    } catch (InterruptedException _) {
      throw CvmClient.interrupted();
    } catch (IOException failure) {
      throw new CvmFault("cannot read from it: " + failure.getMessage());
    } finally {
      end(module);
    }
  }

  private Process start() throws CvmFault {
    try {
      // Long after the settings were read: a directory may have been given away meanwhile.
      ModuleProgram.lookAt(path.toString());
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

  /** False when the module did not take it all; a pipe holds more than a request, so no waiting. */
  private static boolean write(Process module, byte[] request) {
    try (OutputStream to = module.getOutputStream()) {
      to.write(request);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * What an ended process left in its pipe: the whole reply, or one byte more than one may have.
   */
  private static byte[] remains(Process module) throws IOException {
    byte[] reply = new byte[CvmRequest.LENGTH_MAX + 1];
    int length = 0;
    InputStream from = module.getInputStream();
    // Not to the end of the pipe, which a child that the module left behind could hold open.
    for (int n; length < reply.length && (n = from.available()) > 0; ) {
      length += from.read(reply, length, Math.min(n, reply.length - length));
    }
    return Arrays.copyOf(reply, length);
  }

  /** Kills what still runs, children first, since they are nobody's when their parent is gone. */
  private static void end(Process module) {
    if (module.isAlive()) {
      module.descendants().forEach(ProcessHandle::destroyForcibly);
      module.destroyForcibly();
      boolean interrupted = Thread.interrupted();
      try {
        boolean _ = module.waitFor(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
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
      // It was only read from.
    }
  }

  @Override
  public String toString() {
    return "cvm-command:" + path;
  }
}
