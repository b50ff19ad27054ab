/*
 * What the tests of clients over TLS share: two chains, of which one takes data connections that do not resume, and the
 * directory and the files of the clients' lab.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.twoftpd.test.harness.Chain;

/** Two chains with TLS, and the account alice in each. */
public final class TlsLab implements AutoCloseable {
  /** Places of the addresses that each chain listens on. */
  static final int EXPLICIT = 0;

  static final int EXPLICIT_6 = 1;
  static final int IMPLICIT = 2;

  /** What of the reply and of the log line names the setting. */
  static final String REFUSED = "did not resume the TLS session of this connection (TLS_REUSE)";

  final ClientLab files;
  final byte[] big;
  private final Chain strict;
  private final Chain lenient;

  private TlsLab(ClientLab files) throws IOException {
    this.files = files;
    big = Files.readAllBytes(files.scratch("big"));
    strict = start("required");
    lenient = start("accepted");
  }

  private static Chain start(String reuse) throws IOException {
    return Chain.options()
        .user("alice")
        .with("--tls", "required")
        .with("--address", "127.0.0.1")
        .with("--address", "::1")
        .with("--address", "tls:127.0.0.1")
        .set("TLS_REUSE", reuse)
        .set("MAX_PER_IP", "50")
        .set("MAX_PER_USER", "50")
        .set("LOGREQUESTS", "on")
        .start();
  }

  /** Gives every constructor that asks the same lab. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext p, ExtensionContext e) {
      return p.getParameter().getType() == TlsLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext p, ExtensionContext e) {
      ClientLab files = ClientLab.Shared.of(e);
      return e.getRoot()
          .getStore(Namespace.create(TlsLab.class))
          .getOrComputeIfAbsent(TlsLab.class, _ -> open(files));
    }

    private static TlsLab open(ClientLab files) {
      try {
        return new TlsLab(files);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As it is set without a word: data connections have to resume. */
  Chain strict() {
    return strict;
  }

  /** With TLS_REUSE=accepted. */
  Chain lenient() {
    return lenient;
  }

  static String port(Chain chain, int place) {
    return Integer.toString(chain.port(place));
  }

  /** The URL of alice's home, for clients for which ftps: means that TLS comes first. */
  static String url(Chain chain, int place) {
    return (place == IMPLICIT ? "ftps" : "ftp")
        + "://alice:pw-alice@"
        + (place == EXPLICIT_6 ? "[::1]" : "127.0.0.1")
        + ":"
        + port(chain, place)
        + "/";
  }

  /** The path of a file of alice's on the disk. */
  static Path stored(Chain chain, String file) {
    return chain.user("alice").home().resolve(file);
  }

  /** Asserts that a file of alice's is the big one, and removes it. */
  void assertStored(Chain chain, String file) throws IOException {
    assertArrayEquals(big, Files.readAllBytes(stored(chain, file)));
    Files.delete(stored(chain, file));
  }

  /** Asserts that a file in the scratch directory is the big one, and removes it. */
  void assertCameBack(String file) throws IOException {
    assertArrayEquals(big, Files.readAllBytes(files.scratch(file)));
    Files.delete(files.scratch(file));
  }

  /** The file of the chain's certificate and key. */
  Path certificate(Chain chain) throws IOException {
    for (String line : Files.readAllLines(chain.configuration())) {
      if (line.startsWith("TLS_CERT=")) {
        return Path.of(line.substring(line.indexOf('=') + 1));
      }
    }
    throw new IOException("no TLS_CERT");
  }

  /** Runs a program of an interpreter, which must succeed. */
  String script(String interpreter, String program, String... arguments) throws IOException {
    Path file = Files.createTempFile(files.scratch(), "program", "");
    Files.writeString(file, program);
    List<String> command = new ArrayList<>(List.of(interpreter.split(" ")));
    command.add(file.toString());
    command.addAll(List.of(arguments));
    try {
      return files.run(command.toArray(String[]::new));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    strict.close();
    lenient.close();
  }
}
