package org.twoftpd.session.tls;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import org.twoftpd.shared.tls.SignatureScheme;

/**
 * Stands for a private key that lies elsewhere, in one control connection. JSSE hands it to {@link
 * RemoteSignature}, which is the only thing that can be done with it.
 */
@SuppressWarnings("serial") // No key is ever written.
sealed class RemoteKey implements PrivateKey {
  private static final long serialVersionUID = 1L;

  private final transient KeyHolder holder;
  private final String algorithm;
  private final long connection;
  private final int generation;
  private final int chain;

  private RemoteKey(
      KeyHolder holder, String algorithm, long connection, int generation, int chain) {
    this.holder = holder;
    this.algorithm = algorithm;
    this.connection = connection;
    this.generation = generation;
    this.chain = chain;
  }

  /** The key that belongs to {@code to}, which is the first of its chain. */
  static RemoteKey of(KeyHolder holder, PublicKey to, long connection, int generation, int chain) {
    return to instanceof RSAKey rsa
        ? new OfRsa(holder, to.getAlgorithm(), connection, generation, chain, rsa.getModulus())
        : new RemoteKey(holder, to.getAlgorithm(), connection, generation, chain);
  }

  byte[] sign(SignatureScheme scheme, byte[] content) throws SignatureException {
    return holder.sign(connection, generation, chain, scheme, content);
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  /** Null, as of every key that cannot be had. */
  @Override
  public String getFormat() {
    return null;
  }

  @Override
  public byte[] getEncoded() {
    return null;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key that lies elsewhere");
  }

  /** Without a modulus JSSE finds an RSA key too short for everything. */
  private static final class OfRsa extends RemoteKey implements RSAKey {
    private static final long serialVersionUID = 1L;

    private final BigInteger modulus;

    OfRsa(
        KeyHolder holder,
        String algorithm,
        long connection,
        int generation,
        int chain,
        BigInteger modulus) {
      super(holder, algorithm, connection, generation, chain);
      this.modulus = modulus;
    }

    @Override
    public BigInteger getModulus() {
      return modulus;
    }

    @Override
    public AlgorithmParameterSpec getParams() {
      return null;
    }
  }
}
