package org.twoftpd.session.tls;

import java.security.SignatureException;
import org.twoftpd.shared.tls.SignatureScheme;

/** Who has the private keys, and signs: another process, since this one talks to strangers. */
public interface KeyHolder {
  /**
   * Has what a handshake signs signed, and waits for it.
   *
   * @param connection whose handshake it is
   * @param generation of the terms that have the certificate
   * @param chain the place of the certificate in them
   * @throws SignatureException when there is no signature to be had
   */
  byte[] sign(long connection, int generation, int chain, SignatureScheme scheme, byte[] content)
      throws SignatureException;
}
