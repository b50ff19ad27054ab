package org.twoftpd.session.confine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the lists of classes to load with the classes that the build has made. */
class PreloadTest {
  private static void collect(Path classes, Set<String> into) throws IOException {
    try (Stream<Path> all = Files.walk(classes)) {
      all.map(p -> classes.relativize(p).toString())
          .filter(p -> p.endsWith(".class") && !p.equals("module-info.class"))
          .map(p -> p.substring(0, p.length() - ".class".length()).replace('/', '.'))
          .forEach(into::add);
    }
  }

  /**
   * Tells the classes that hold only constants. The compiler copies these to where they are used,
   * so that no process ever loads the class.
   */
  private static boolean isConstantsAlone(String name) {
    return Set.of("DescriptorCommands", "PollEvents", "ProcessFlags", "SocketFlags")
        .contains(name.replace("org.twoftpd.shared.os.", ""));
  }

  private static boolean isOfTls(String name) {
    return name.startsWith("org.twoftpd.session.tls.")
        || name.startsWith("org.twoftpd.shared.tls.SignatureScheme")
        || name.startsWith("org.twoftpd.shared.wire.TlsCodec")
        || Set.of(
                "config.ClientCertificates",
                "config.TlsMode",
                "config.TlsReuse",
                "wire.TlsMessage",
                "wire.TlsMessage$DataHandshake",
                "wire.TlsMessage$DataProtection",
                "wire.TlsMessage$RelayControl",
                "wire.TlsMessage$RelayLine",
                "wire.TlsMessage$SignRequest",
                "wire.TlsMessage$Signed",
                "wire.TlsMessage$TlsFailed",
                "wire.TlsMessage$TlsStarted",
                "wire.TlsMessage$TlsTerms")
            .contains(name.replace("org.twoftpd.shared.", ""));
  }

  /** A gate without TLS, and every session, loads nothing for it. */
  @Test
  void everyClassThatAGateWithTlsCanUseIsListed() throws IOException {
    TreeSet<String> built = new TreeSet<>();
    collect(Path.of("target/classes"), built);
    collect(Path.of("../shared/target/classes"), built);
    built.removeIf(n -> !isOfTls(n));
    TreeSet<String> listed = new TreeSet<>();
    for (String[] row : Preload.TLS_CLASSES) {
      for (String name : row[1].trim().split(" ", -1)) {
        listed.add(row[0] + name);
      }
    }
    assertEquals(String.join("\n", built), String.join("\n", listed));
    Preload.loadTlsClasses();
  }

  @Test
  void everyClassThatASessionCanUseIsListed() throws IOException {
    TreeSet<String> built = new TreeSet<>();
    collect(Path.of("target/classes"), built);
    collect(Path.of("../shared/target/classes"), built);
    built.removeIf(n ->
        n.startsWith("org.twoftpd.session.gate.")
            || n.startsWith("org.twoftpd.shared.log.")
            || n.startsWith("org.twoftpd.shared.tls.")
            || n.equals("org.twoftpd.shared.wire.TransferLine")
            || isOfTls(n)
            || n.startsWith("org.twoftpd.shared.cvm.")
            || n.startsWith("org.twoftpd.shared.text.")
            || n.startsWith("org.twoftpd.shared.config.")
                && !n.endsWith(".AnonymousMode")
                && !n.endsWith(".PortRange")
                && !n.endsWith(".SessionOption")
                && !n.endsWith(".SessionOptions")
                && !n.endsWith(".Table")
                && !n.endsWith(".RootKind")
            || n.startsWith("org.twoftpd.shared.fd.ChannelToChild")
            || n.startsWith("org.twoftpd.shared.os.Source")
            || n.startsWith("org.twoftpd.shared.wire.Gate")
            || n.equals("org.twoftpd.shared.wire.Refusal")
            || n.startsWith("org.twoftpd.shared.os.Trusted")
            || n.startsWith("org.twoftpd.shared.os.Unix")
            || n.equals("org.twoftpd.shared.os.Escapes")
            || n.equals("org.twoftpd.session.selftest.ConfinementProof")
            || n.equals("org.twoftpd.session.confine.Preload")
            || n.equals("org.twoftpd.shared.os.ListenFds")
            || n.equals("org.twoftpd.shared.os.Processes")
            || isConstantsAlone(n)
            || n.equals("org.twoftpd.session.Main"));
    TreeSet<String> listed = new TreeSet<>();
    for (String[] row : Preload.SESSION_CLASSES) {
      for (String name : row[1].trim().split(" ", -1)) {
        listed.add(row[0] + name);
      }
    }
    assertEquals(String.join("\n", built), String.join("\n", listed));
    Preload.loadSessionClasses();
  }

  /** A gate that lacks a class would fail when a client or the monitor makes it use that class. */
  @Test
  void everyClassThatAGateCanUseIsListed() throws IOException {
    TreeSet<String> built = new TreeSet<>();
    collect(Path.of("target/classes"), built);
    collect(Path.of("../shared/target/classes"), built);
    built.removeIf(n ->
        !n.startsWith("org.twoftpd.session.gate.")
            && !n.startsWith("org.twoftpd.shared.os.Source")
            && !n.startsWith("org.twoftpd.shared.wire.Gate")
            && !n.equals("org.twoftpd.shared.wire.Refusal"));
    TreeSet<String> listed = new TreeSet<>();
    for (String[] row : Preload.GATE_CLASSES) {
      for (String name : row[1].trim().split(" ", -1)) {
        listed.add(row[0] + name);
      }
    }
    assertEquals(String.join("\n", built), String.join("\n", listed));
    Preload.loadGateClasses();
  }

  /**
   * The first use of a switch over types builds a class, and loads a hundred classes of the library
   * to do so.
   */
  @Test
  void noClassOfASessionHasASwitchOverTypes() throws IOException {
    for (String[] row : Preload.SESSION_CLASSES) {
      for (String name : row[1].trim().split(" ", -1)) {
        String file = (row[0] + name).replace('.', '/') + ".class";
        try (var in = Preload.class.getClassLoader().getResourceAsStream(file)) {
          String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
          assertFalse(content.contains("java/lang/runtime/SwitchBootstraps"), file);
        }
      }
    }
  }
}
