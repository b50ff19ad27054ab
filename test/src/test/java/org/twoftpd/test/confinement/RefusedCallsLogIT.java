package org.twoftpd.test.confinement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;
import org.twoftpd.test.rogue.RefusedCallSession;

/** What the kernel refuses a session is named in the log, where that is asked for. */
class RefusedCallsLogIT {
  @Test
  @ShowsSettings("LOGSYSCALLS")
  void aRefusedCallIsNamedWithItsRoleAndThread() throws IOException {
    Chain.Options o = Chain.options().user("alice").set("LOGSYSCALLS", "on").set("SPARES", "1-1");
    Path classes = o.directory().resolve("classes");
    Path own = classes.resolve("org/twoftpd/test/rogue/RefusedCallSession.class");
    Files.createDirectories(own.getParent());
    Files.copy(RefusedCallSession.class.getResourceAsStream("RefusedCallSession.class"), own);
    Path program = o.directory().resolve("twoftpd-session");
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    // The monitor's command, with the tests' classes behind its own and another main class.
    Files.writeString(
        program,
        """
        #!/bin/bash
        n=$#
        exec -a twoftpd-session %s "${@:1:n-3}" -cp "${@:n-1:1}:%s" org.twoftpd.test.rogue.RefusedCallSession
        """
            .formatted(java, classes));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Chain chain = o.with("--program", "session=" + program).start();
        Dialogue d = chain.login("alice")) {
      d.expect(257, "PWD");
      chain.eventuallyLogged(
          "stderr role=session pid=[0-9]+ .*refused-syscall role=xfer call=kill "
              + "number=[0-9]+ thread=[0-9]+ name=.{1,4}curious.*");
    }
  }
}
