package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Keys and certificates as administrators make them. */
final class Openssl {
  private final Path directory;

  Openssl(Path directory) {
    this.directory = directory;
  }

  /** Runs openssl(1) there. */
  String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process p =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), said);
    return said;
  }

  /** A key by a form of "genpkey", as PKCS #8. */
  void key(String file, String... form) throws IOException, InterruptedException {
    List<String> a = new ArrayList<>(List.of("genpkey", "-out", file));
    a.addAll(List.of(form));
    run(a.toArray(String[]::new));
    mode(file, "rw-------");
  }

  void ecKey(String file) throws IOException, InterruptedException {
    key(file, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
  }

  /** A certificate that the key signs itself, good for ten years from now. */
  void selfSigned(String file, String key, String... more)
      throws IOException, InterruptedException {
    List<String> a = new ArrayList<>(List.of("req", "-x509", "-new", "-days", "3650"));
    a.addAll(List.of("-subj", "/CN=" + file, "-key", key, "-out", file));
    a.addAll(List.of(more));
    run(a.toArray(String[]::new));
  }

  /** A certificate that another one signs, good for 90 days from now. */
  void signed(String file, String key, String by, String byKey, String... more)
      throws IOException, InterruptedException {
    List<String> a = new ArrayList<>(List.of("req", "-x509", "-new", "-days", "90"));
    a.addAll(List.of("-subj", "/CN=" + file, "-key", key, "-out", file));
    a.addAll(List.of("-CA", by, "-CAkey", byKey));
    a.addAll(List.of(more));
    run(a.toArray(String[]::new));
  }

  /** Puts files one behind the other. */
  void join(String file, String... parts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String p : parts) {
      all.append(Files.readString(directory.resolve(p)));
    }
    Files.writeString(directory.resolve(file), all);
    mode(file, "rw-------");
  }

  void mode(String file, String mode) throws IOException {
    Files.setPosixFilePermissions(directory.resolve(file), PosixFilePermissions.fromString(mode));
  }
}
