/*
 * Trusted with what a session needs to know, and a session with no more than this.
 */
package org.twoftpd.shared.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.twoftpd.shared.os.Endpoint;

/**
 * What holds for a session of one table.
 *
 * @param root what the user's directory is to the session
 * @param timeoutSeconds without a command, or without a byte in a transfer; at least 1
 * @param connectTimeoutSeconds until a data connection is there; at least 1
 * @param sessionTimeoutSeconds for the whole session; 0 is without end
 * @param banner lines that come with the reply to a login, in UTF-8, separated by LF; may be empty
 * @param messageFile name of a file that is shown when its directory is entered; empty for none
 * @param noDotFiles names that begin with a dot are neither shown nor served
 * @param logRequests log every command
 * @param logResponses log every reply
 * @param umask 0 to 0777
 * @param atomicStore a stored file gets its name when it is whole
 * @param syncStore a stored file is on disk before it is acknowledged
 * @param maxFileSize bytes that a stored file may have; 0 is without limit
 * @param pasvAddresses what PASV tells, by the client's address; the first that matches; may be
 *     none
 * @param pasvPorts the ports that PASV takes; any when empty
 * @param activeFromPort20 active data connections come from port 20
 */
public record SessionSettings(
    RootKind root,
    int timeoutSeconds,
    int connectTimeoutSeconds,
    int sessionTimeoutSeconds,
    byte[] banner,
    byte[] messageFile,
    boolean noDotFiles,
    boolean logRequests,
    boolean logResponses,
    int umask,
    boolean atomicStore,
    boolean syncStore,
    long maxFileSize,
    List<PasvAddress> pasvAddresses,
    Optional<PortRange> pasvPorts,
    boolean activeFromPort20) {

  /** The four bytes of address that PASV tells to clients of a network. */
  public record PasvAddress(IpNetwork clients, byte[] told) {
    @Override
    public boolean equals(Object o) {
      return o instanceof PasvAddress a && clients.equals(a.clients) && Arrays.equals(told, a.told);
    }

    @Override
    public int hashCode() {
      return 31 * clients.hashCode() + Arrays.hashCode(told);
    }
  }

  /** What PASV tells a client: four bytes of address, or none for the local one. */
  public byte[] pasvAddress(Endpoint client) {
    for (PasvAddress a : pasvAddresses) {
      if (a.clients().contains(client)) {
        return a.told().clone();
      }
    }
    return new byte[0];
  }

  /**
   * Ports from one to another, both of them included.
   *
   * @param low 1024 to 65535
   * @param high at least {@code low}, at most 65535
   */
  public record PortRange(int low, int high) {}
}
