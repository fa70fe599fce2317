package io.github.rpideploy.ssh.key;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;
import org.slf4j.LoggerFactory;

/**
 * What must happen before MINA is first used in this class loader: its registry of algorithms and
 * its loggers are static and keep what they find first.
 */
public final class MinaSetup {

  private static final String LOG_LEVEL =
      // Maven 4 has its own logger, and complains about the old name each time one is created.
      LoggerFactory.getILoggerFactory().getClass().getName().startsWith("org.apache.maven.")
          ? "maven.logger.log."
          : "org.slf4j.simpleLogger.log.";

  static {
    // Without this MINA's warnings reach the user's console. Our classes that extend MINA's log
    // under their own names.
    for (String logger : List.of("org.apache.sshd", MinaSetup.class.getPackageName())) {
      if (System.getProperty(LOG_LEVEL + logger) == null) {
        System.setProperty(LOG_LEVEL + logger, "error");
      }
    }
    SecurityUtils.registerSecurityProvider(new Ed25519Registrar());
  }

  private MinaSetup() {}

  /** Call this before MINA is used for the first time. */
  public static void ensure() {
    // The static initialiser has done it.
  }

  /** Tells MINA that {@link JdkEd25519} exists and that no provider has to be added for it. */
  private static final class Ed25519Registrar extends AbstractSecurityProviderRegistrar {

    Ed25519Registrar() {
      super("JdkEd25519");
    }

    @Override
    public boolean isSupported() {
      return true;
    }

    @Override
    public Provider getSecurityProvider() {
      return Security.getProvider("SunEC");
    }

    @Override
    public boolean isNamedProviderUsed() {
      return false;
    }

    @Override
    public boolean isSecurityEntitySupported(Class<?> type, String name) {
      return JdkEd25519.ALGORITHM.equalsIgnoreCase(name);
    }

    @Override
    public String getDefaultSecurityEntitySupportValue(Class<?> type) {
      return JdkEd25519.ALGORITHM;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
      return Optional.of(new JdkEd25519());
    }
  }
}
