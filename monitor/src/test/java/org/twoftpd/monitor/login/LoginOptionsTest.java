package org.twoftpd.monitor.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SettingsReader;
import org.twoftpd.shared.os.Endpoint;

class LoginOptionsTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {127, 0, 0, 1}, 1, 0);
  private static final byte[] NONE = {};

  @TempDir private Path directory;

  private PortRange ports(String settings) throws Exception {
    Path file = Files.writeString(directory.resolve("conf"), settings);
    LoginOptions options =
        new LoginOptions(SettingsReader.read(file.toString(), Map.of("GATE_USER", "113:114")));
    Account account = new Account(NONE, NONE, 1, 1, new int[0], NONE, NONE);
    Login login = options.loginOf(account, new Connection(1, -1, PEER, PEER, null), 0);
    return login.options().get(SessionOption.PASV_PORTS);
  }

  @Test
  void passivePortsAreTheKernelsOrTheAdministrators() throws Exception {
    assertEquals(LocalPorts.ofKernel(), ports(""));
    assertEquals(new PortRange(50000, 50999), ports("PASV_PORTS=50000-50999\n"));
  }
}
