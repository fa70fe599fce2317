package io.github.rpideploy.ssh.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.apache.sshd.common.config.keys.PrivateKeyEntryDecoder;
import org.apache.sshd.common.config.keys.PublicKeyEntryDecoder;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;
import org.apache.sshd.common.util.security.eddsa.generic.GenericEd25519PublicKeyDecoder;
import org.apache.sshd.common.util.security.eddsa.generic.GenericOpenSSHEd25519PrivateKeyEntryDecoder;
import org.apache.sshd.common.util.security.eddsa.generic.GenericSignatureEd25519;

/**
 * Ed25519 for MINA, from the JDK's own provider (RFC 8032, RFC 8709), in place of Bouncy Castle.
 *
 * <p>MINA 2.x asks an {@link EdDSASupport} for everything about such keys: those in files, in the
 * agent, and of hosts.
 */
final class JdkEd25519 implements EdDSASupport<EdECPublicKey, EdECPrivateKey> {

  static final String ALGORITHM = "Ed25519";

  private static final int KEY_BYTES = 32;
  private static final int SIGN_BIT = 0x80;

  @Override
  public PublicKeyEntryDecoder<EdECPublicKey, EdECPrivateKey> getEDDSAPublicKeyEntryDecoder() {
    return new GenericEd25519PublicKeyDecoder<>(EdECPublicKey.class, EdECPrivateKey.class, this);
  }

  @Override
  public PrivateKeyEntryDecoder<EdECPublicKey, EdECPrivateKey>
      getOpenSSHEDDSAPrivateKeyEntryDecoder() {
    return new GenericOpenSSHEd25519PrivateKeyEntryDecoder<>(
        EdECPublicKey.class, EdECPrivateKey.class, this);
  }

  @Override
  public Signature getEDDSASigner() {
    return new GenericSignatureEd25519(ALGORITHM);
  }

  @Override
  public int getEDDSAKeySize(Key key) {
    return key instanceof EdECKey ? KEY_SIZE : -1;
  }

  @Override
  public Class<EdECPublicKey> getEDDSAPublicKeyType() {
    return EdECPublicKey.class;
  }

  @Override
  public Class<EdECPrivateKey> getEDDSAPrivateKeyType() {
    return EdECPrivateKey.class;
  }

  @Override
  public boolean compareEDDSAPPublicKeys(PublicKey one, PublicKey other) {
    return one instanceof EdECPublicKey a
        && other instanceof EdECPublicKey b
        && Arrays.equals(getPublicKeyData(a), getPublicKeyData(b));
  }

  @Override
  public boolean compareEDDSAPrivateKeys(PrivateKey one, PrivateKey other) {
    return one instanceof EdECPrivateKey a
        && other instanceof EdECPrivateKey b
        && MessageDigest.isEqual(getPrivateKeyData(a), getPrivateKeyData(b));
  }

  /** The JDK has no call for this, but its generator derives both keys from the bytes it draws. */
  @Override
  public EdECPublicKey recoverEDDSAPublicKey(PrivateKey key) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
    generator.initialize(
        NamedParameterSpec.ED25519, new FixedBytes(getPrivateKeyData((EdECPrivateKey) key)));
    return (EdECPublicKey) generator.generateKeyPair().getPublic();
  }

  /** {@code raw} is y in little endian with the lowest bit of x as the highest bit. */
  @Override
  public EdECPublicKey generateEDDSAPublicKey(byte[] raw) throws GeneralSecurityException {
    byte[] y = reversed(Arrays.copyOf(raw, KEY_BYTES));
    boolean oddX = (y[0] & SIGN_BIT) != 0;
    y[0] &= (byte) ~SIGN_BIT;
    EdECPoint point = new EdECPoint(oddX, new BigInteger(1, y));
    return (EdECPublicKey)
        KeyFactory.getInstance(ALGORITHM)
            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  @Override
  public EdECPrivateKey generateEDDSAPrivateKey(byte[] seed) throws GeneralSecurityException {
    byte[] key = Arrays.copyOf(seed, KEY_BYTES);
    return (EdECPrivateKey)
        KeyFactory.getInstance(ALGORITHM)
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key));
  }

  @Override
  public <B extends Buffer> B putRawEDDSAPublicKey(B buffer, PublicKey key) {
    buffer.putBytes(getPublicKeyData((EdECPublicKey) key));
    return buffer;
  }

  @Override
  public <B extends Buffer> B putEDDSAKeyPair(B buffer, PublicKey key, PrivateKey secret) {
    byte[] raw = getPublicKeyData((EdECPublicKey) key);
    byte[] both = Arrays.copyOf(getPrivateKeyData((EdECPrivateKey) secret), 2 * KEY_BYTES);
    System.arraycopy(raw, 0, both, KEY_BYTES, KEY_BYTES);
    buffer.putBytes(raw);
    buffer.putBytes(both);
    return buffer;
  }

  @Override
  public KeySpec createPublicKeySpec(EdECPublicKey key) {
    return new EdECPublicKeySpec(key.getParams(), key.getPoint());
  }

  @Override
  public KeySpec createPrivateKeySpec(EdECPrivateKey key) {
    return new EdECPrivateKeySpec(key.getParams(), getPrivateKeyData(key));
  }

  @Override
  public byte[] getPublicKeyData(EdECPublicKey key) {
    byte[] y = key.getPoint().getY().toByteArray();
    byte[] raw = Arrays.copyOf(reversed(y), KEY_BYTES);
    if (key.getPoint().isXOdd()) {
      raw[KEY_BYTES - 1] |= (byte) SIGN_BIT;
    }
    return raw;
  }

  @Override
  public byte[] getPrivateKeyData(EdECPrivateKey key) {
    return key.getBytes()
        .orElseThrow(() -> new IllegalArgumentException("the key's bytes cannot be read"));
  }

  @Override
  public String getKeyFactoryAlgorithm() {
    return ALGORITHM;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = bytes[bytes.length - 1 - i];
    }
    return result;
  }

  /** "Randomness" that is a given seed. */
  private static final class FixedBytes extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    FixedBytes(byte[] seed) {
      super();
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
