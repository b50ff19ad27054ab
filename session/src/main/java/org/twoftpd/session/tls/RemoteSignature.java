package org.twoftpd.session.tls;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.MessageType.Limits;

/** Signs with a {@link RemoteKey}: collects what is to be signed and asks the key's holder. */
public final class RemoteSignature extends SignatureSpi {
  private final String algorithm;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private RemoteKey key;
  private int saltBytes;

  private RemoteSignature(String algorithm) {
    this.algorithm = algorithm;
  }

  /** Has JSSE find this for keys that lie elsewhere, and for no others. */
  public static void install() {
    Security.addProvider(new Remote());
  }

  private static final class Remote extends Provider {
    private static final long serialVersionUID = 1L;

    Remote() {
      super("twoftpd", "1", "signatures by keys that lie in another process");
      for (SignatureScheme s : SignatureScheme.values()) {
        if (getService("Signature", s.algorithm()) == null) {
          putService(new SignatureService(this, s.algorithm()));
        }
      }
    }
  }

  private static final class SignatureService extends Provider.Service {
    SignatureService(Provider provider, String algorithm) {
      super(
          provider,
          "Signature",
          algorithm,
          RemoteSignature.class.getName(),
          List.of(),
          Map.of("SupportedKeyClasses", RemoteKey.class.getName()));
    }

    @Override
    public Object newInstance(Object parameter) {
      return new RemoteSignature(getAlgorithm());
    }

    @Override
    public boolean supportsParameter(Object key) {
      return key instanceof RemoteKey;
    }
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    if (!(privateKey instanceof RemoteKey k)) {
      throw new InvalidKeyException("not a key that lies elsewhere");
    }
    key = k;
    content.reset();
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    throw new InvalidKeyException("signs only");
  }

  @Override
  protected void engineUpdate(byte b) throws SignatureException {
    engineUpdate(new byte[] {b}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] b, int from, int length) throws SignatureException {
    if (content.size() + length > Limits.SIGNED_BYTES) {
      throw new SignatureException("more than a handshake signs");
    }
    content.write(b, from, length);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    SignatureScheme scheme = SignatureScheme.of(algorithm, saltBytes);
    if (scheme == null || key == null) {
      throw new SignatureException("no scheme of TLS: " + algorithm);
    }
    byte[] all = content.toByteArray();
    content.reset();
    return key.sign(scheme, all);
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    throw new SignatureException("signs only");
  }

  @Override
  protected void engineSetParameter(AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters instanceof PSSParameterSpec pss) {
      saltBytes = pss.getSaltLength();
    } else if (parameters != null) {
      throw new InvalidAlgorithmParameterException("not of RSASSA-PSS");
    }
  }

  @Override
  protected AlgorithmParameters engineGetParameters() {
    return null;
  }

  @Override
  @Deprecated
  protected void engineSetParameter(String name, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String name) {
    throw new UnsupportedOperationException();
  }
}
