package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.UnixAddress;

/**
 * The credential modules and what they are given.
 *
 * @param chain at least one, asked in this order
 * @param service SERVICE in the environment of a command module
 * @param lookupSecret sent as the secret credential with every request
 * @param accountSplitChars characters that part account and domain, for the environment of a
 *     command module; may be empty
 * @param randomBytes length of the tag in each request, which the reply must repeat
 * @param environment the other CVM_ variables, for the environment of a command module
 */
public record CvmSettings(
    List<Module> chain,
    String service,
    Optional<Secret> lookupSecret,
    String accountSplitChars,
    int randomBytes,
    Map<String, String> environment) {

  /** Leaves out the environment of modules, in which passwords of their data bases may be. */
  @Override
  public String toString() {
    return "CvmSettings" + chain;
  }

  /** Reads one credential module, in the form that the original twoftpd has. */
  static Module parseModule(String text) throws BadValueException {
    String local = after("cvm-local:", text);
    if (local != null) {
      String path = TextTypes.checkPath(local);
      if (path.getBytes(StandardCharsets.UTF_8).length > UnixAddress.PATH_MAX) {
        throw new BadValueException();
      }
      return new Module.Local(path);
    }
    String udp = after("cvm-udp:", text);
    if (udp != null) {
      // The one name that needs no resolver.
      String port = after("localhost:", udp);
      return new Module.Udp(
          AddressParser.parseEndpoint(port == null ? udp : "127.0.0.1:" + port, 1));
    }
    String command = after("cvm-command:", text);
    return new Module.Command(TextTypes.checkPath(command == null ? text : command));
  }

  private static String after(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : null;
  }

  /** One credential module, by how it is reached. */
  public sealed interface Module {
    /** cvm-local:PATH: a UNIX stream socket. */
    record Local(String path) implements Module {}

    /** cvm-udp:ADDRESS:PORT, with a port from 1 on. */
    record Udp(Endpoint address) implements Module {}

    /** cvm-command:PATH, or a path alone: a program. */
    record Command(String path) implements Module {}
  }
}
