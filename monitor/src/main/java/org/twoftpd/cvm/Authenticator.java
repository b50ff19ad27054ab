/*
 * Trusted with passwords while a request is answered, and with the answer.  An account that does not exist, a locked one and a
 * wrong password get the same answer after the same work, so that nobody learns which names exist.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.security.MessageDigest;
import org.twoftpd.shared.cvm.Credential;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;

/** Answers requests of the CVM protocol, version 2, by the accounts of a source. */
final class Authenticator {
  private static final byte[] NOTHING = {};

  private final AccountSource source;
  private final Hasher hasher;

  /** How a password is hashed; tests count the calls. */
  interface Hasher {
    /** See {@link CryptLibrary#hash}. */
    byte[] hash(byte[] password, byte[] setting);
  }

  Authenticator(AccountSource source, CryptLibrary library) {
    this(source, library::hash);
  }

  Authenticator(AccountSource source, Hasher hasher) {
    this.source = source;
    this.hasher = hasher;
  }

  /**
   * The reply to {@code from[0 .. length)}.
   *
   * @param from the caller wipes it
   * @param length may be larger than a request can be
   */
  byte[] answer(byte[] from, int length) {
    byte[] tag = NOTHING;
    try {
      tag = CvmRequest.tagOf(from, length);
      CvmRequest request = CvmRequest.decode(from, length);
      try {
        return verify(request).encode(tag);
      } finally {
        request.wipe();
      }
    } catch (CvmFault _) {
      return new CvmReply.TemporaryFailure(CvmReply.BAD_REQUEST).encode(tag);
    } catch (IOException failure) {
      Log.error("accounts cannot be read: " + failure);
      return new CvmReply.TemporaryFailure(CvmReply.INPUT_OUTPUT).encode(tag);
    }
  }

  /** Checks account and password. The domain is ignored, since these accounts have none. */
  private CvmReply verify(CvmRequest request) throws IOException {
    byte[] name = request.credentials().getOrDefault(Credential.ACCOUNT, NOTHING);
    byte[] password = request.credentials().getOrDefault(Credential.PASSWORD, NOTHING);
    if (name.length == 0 || password.length == 0) {
      return new CvmReply.TemporaryFailure(CvmReply.NO_CREDENTIAL);
    }
    Users users = source.current();
    Users.Account account = users.find(name);
    boolean open = account != null && !HashKind.isLocked(account.hash());
    byte[] expected = open ? account.hash() : users.decoy(name);
    byte[] hash = hasher.hash(password, expected);
    if (hash == null) {
      // crypt(3) does not know this hash and took no time, so another one has to take the time.
      open = false;
      hash = hasher.hash(password, users.decoy(name));
      if (hash == null) {
        hash = hasher.hash(password, Users.KNOWN_HASH);
      }
    }
    boolean right = hash != null && MessageDigest.isEqual(hash, expected);
    return right && open && !containsNul(password)
        ? new CvmReply.Success(account.facts())
        : new CvmReply.PermanentFailure(false);
  }

  /** Whether it has a NUL; crypt(3) would ignore what follows that. */
  private static boolean containsNul(byte[] password) {
    for (byte each : password) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }
}
