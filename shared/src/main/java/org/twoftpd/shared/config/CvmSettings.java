package org.twoftpd.shared.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twoftpd.shared.os.Endpoint;

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
