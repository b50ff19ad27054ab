/*
 * Trusted with deciding who is who: the order in which modules are asked, and whose word is the last.  A password
 * passes through on its way to them and is not kept.
 */
package org.twoftpd.monitor.cvm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.config.CvmSettings;
import org.twoftpd.shared.cvm.Credential;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;
import org.twoftpd.shared.os.Endpoint;

/** The credential modules of the setting CVM, asked one after the other. */
public final class CvmChain {
  private final List<CvmClient> clients;
  private final CvmOptions options;
  private final SecureRandom random = new SecureRandom();

  private CvmChain(List<CvmClient> clients, CvmOptions options) {
    this.clients = List.copyOf(clients);
    this.options = options;
  }

  /**
   * The chain of these modules.
   *
   * @throws IllegalArgumentException naming the program that may not be started and saying why
   */
  public static CvmChain of(List<CvmSettings.Module> modules, CvmOptions options) {
    List<CvmClient> clients = new ArrayList<>();
    for (CvmSettings.Module module : modules) {
      clients.add(client(module, options));
    }
    return new CvmChain(clients, options);
  }

  /** No switch over types, here and below: the virtual machine would make a class for each. */
  private static CvmClient client(CvmSettings.Module module, CvmOptions options) {
    if (module instanceof CvmSettings.Module.Local m) {
      return new CvmLocal(m.path());
    }
    if (module instanceof CvmSettings.Module.Udp m) {
      return new CvmUdp(address(m.address()));
    }
    CvmSettings.Module.Command m = (CvmSettings.Module.Command) module;
    return new CvmCommand(ModuleProgram.check(m.path()), options.environment());
  }

  private static InetSocketAddress address(Endpoint e) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(e.address()), e.port());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of 4 or 16 bytes", impossible);
    }
  }

  /**
   * Asks until a module accepts, cannot tell, or refuses an account that is its own; only "none of
   * mine" lets the next one be asked. Takes the timeout of the options for each module at most. Any
   * number of threads may call at once.
   *
   * @param domain empty when not known
   * @param password not kept; the caller wipes it
   */
  public Verdict verify(byte[] account, byte[] domain, byte[] password) {
    Map<Credential, byte[]> credentials = new EnumMap<>(Credential.class);
    credentials.put(Credential.ACCOUNT, account);
    if (domain.length > 0) {
      credentials.put(Credential.DOMAIN, domain);
    }
    if (password.length > 0) {
      credentials.put(Credential.PASSWORD, password);
    }
    if (options.lookupSecret() != null) {
      credentials.put(Credential.SECRET, options.lookupSecret());
    }
    for (CvmClient client : clients) {
      byte[] tag = new byte[options.randomBytes()];
      random.nextBytes(tag);
      CvmRequest request = new CvmRequest(tag, credentials);
      if (!request.fits()) {
        // No module can know an account that cannot be asked for.
        return new Verdict.Refused();
      }
      CvmReply reply;
      try {
        reply = ask(client, request);
      } catch (CvmFault fault) {
        return new Verdict.Unavailable(client + ": " + fault.getMessage());
      }
      if (reply instanceof CvmReply.Success success) {
        return new Verdict.Accepted(success.facts());
      }
      if (reply instanceof CvmReply.TemporaryFailure failure) {
        return new Verdict.Unavailable(client + ": " + CvmReply.words(failure.error()));
      }
      if (!((CvmReply.PermanentFailure) reply).outOfScope()) {
        return new Verdict.Refused();
      }
    }
    return new Verdict.Refused();
  }

  private CvmReply ask(CvmClient client, CvmRequest request) throws CvmFault {
    byte[] bytes = request.encode();
    try {
      return CvmReply.decode(client.ask(bytes, request.tag(), options.timeout()), request.tag());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The modules as they were understood, for a log line. */
  @Override
  public String toString() {
    return String.join(",", clients.stream().map(CvmClient::toString).toList());
  }
}
