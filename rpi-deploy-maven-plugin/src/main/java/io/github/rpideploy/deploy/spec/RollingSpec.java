package io.github.rpideploy.deploy.spec;

/**
 * How a deploy goes over several Pis.
 *
 * @param parallelShips how many of them are sent to at the same time
 * @param batch how many of them replace their services at the same time
 * @param onFailure what follows when a service on one of them is not good
 */
public record RollingSpec(int parallelShips, int batch, OnFailure onFailure) {

  /** Four are sent to at the same time; one after the other is replaced until one fails. */
  public static final RollingSpec DEFAULT = new RollingSpec(4, 1, OnFailure.STOP);

  /** What follows on the other Pis when a service on one of them is not good. */
  public enum OnFailure {
    /** Those after it are not touched, those before it stay on the new release. */
    STOP,
    /** Those after it are deployed to. */
    CONTINUE,
    /** Those after it are not touched, those before it go back. */
    ROLLBACK_ALL
  }
}
