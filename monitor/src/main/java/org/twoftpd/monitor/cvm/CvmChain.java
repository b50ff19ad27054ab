/*
 * Trusted with deciding who a client is: in which order modules are asked, and which answer counts.  A password passes through
 * on its way to them and is not kept.
 */
package org.twoftpd.monitor.cvm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.config.CvmSettings;
import org.twoftpd.shared.config.Secret;
import org.twoftpd.shared.cvm.Credential;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;
import org.twoftpd.shared.os.Endpoint;

/** The credential modules of the setting CVM, which are asked one after the other. */
public final class CvmChain {
  /** How long one module may take: the four tries of {@link CvmUdp} add up to this. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The largest length that one byte of a request can tell. */
  private static final int PART_MAX = 255;

  private final List<CvmClient> clients;
  private final int randomBytes;
  private final Duration timeout;
  private final SecureRandom random = new SecureRandom();

  /** Null when there is none. */
  private final byte[] lookupSecret;

  /**
   * The chain of the modules that these settings name.
   *
   * @throws IllegalArgumentException naming the program that may not be started, or the setting
   *     that is out of its range, and saying why
   */
  public static CvmChain of(CvmSettings settings) {
    return new CvmChain(settings, TIMEOUT);
  }

  /**
   * @param timeout for one question to one module; more than zero
   */
  CvmChain(CvmSettings settings, Duration timeout) {
    lookupSecret = settings.lookupSecret().map(Secret::bytes).orElse(null);
    randomBytes = settings.randomBytes();
    this.timeout = timeout;
    if (lookupSecret != null && (lookupSecret.length == 0 || lookupSecret.length > PART_MAX)) {
      throw new IllegalArgumentException("CVM_LOOKUP_SECRET: 1 to 255 bytes are allowed");
    }
    if (randomBytes < 0 || randomBytes > PART_MAX) {
      throw new IllegalArgumentException("CVM_RANDOM_BYTES: 0 to 255 are allowed");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("CVM timeout: more than 0 is allowed");
    }
    Map<String, String> environment = ModuleProgram.environment(settings);
    List<CvmClient> modules = new ArrayList<>();
    for (CvmSettings.Module module : settings.chain()) {
      modules.add(client(module, environment));
    }
    clients = List.copyOf(modules);
  }

  /** Not a switch over types, for which the virtual machine would generate a class. */
  private static CvmClient client(CvmSettings.Module module, Map<String, String> environment) {
    if (module instanceof CvmSettings.Module.Local m) {
      return new CvmLocal(m.path());
    }
    if (module instanceof CvmSettings.Module.Udp m) {
      return new CvmUdp(address(m.address()));
    }
    CvmSettings.Module.Command m = (CvmSettings.Module.Command) module;
    return new CvmCommand(ModuleProgram.check(m.path()), environment);
  }

  private static InetSocketAddress address(Endpoint e) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(e.address()), e.port());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of 4 or 16 bytes", impossible);
    }
  }

  /**
   * Asks until a module accepts, fails, or refuses an account of its own. The next module is asked
   * only if one answers that the account is none of its own. Takes 30 seconds for each module at
   * most. Any number of threads may call at once.
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
    if (lookupSecret != null) {
      credentials.put(Credential.SECRET, lookupSecret);
    }
    for (CvmClient client : clients) {
      byte[] tag = new byte[randomBytes];
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
        return new Verdict.Unavailable(client + ": " + CvmReply.describe(failure.error()));
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
      return CvmReply.decode(client.ask(bytes, request.tag(), timeout), request.tag());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The modules as they were understood, for the log. */
  @Override
  public String toString() {
    return String.join(",", clients.stream().map(CvmClient::toString).toList());
  }
}
