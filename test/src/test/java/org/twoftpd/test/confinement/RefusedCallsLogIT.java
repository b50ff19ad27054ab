package org.twoftpd.test.confinement;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;
import org.twoftpd.test.rogue.RefusedCallSession;

/** With LOGSYSCALLS the log names each system call that the kernel refuses a session. */
class RefusedCallsLogIT {
  @Test
  @ShowsSettings("LOGSYSCALLS")
  void aRefusedCallIsNamedWithItsRoleAndThread() throws IOException {
    ChainOptions o = Chain.options().user("alice").set("LOGSYSCALLS", "on").set("SPARES", "1-1");
    try (Chain chain = o.sessionMain(RefusedCallSession.class).start();
        Dialogue d = chain.login("alice")) {
      d.expect(257, "PWD");
      chain.eventuallyLogged(
          "stderr role=session pid=[0-9]+ .*refused-syscall role=xfer call=kill "
              + "number=[0-9]+ thread=[0-9]+ name=.{1,4}curious.*");
    }
  }
}
