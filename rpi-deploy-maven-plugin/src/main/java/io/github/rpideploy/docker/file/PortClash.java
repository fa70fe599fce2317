package io.github.rpideploy.docker.file;

/**
 * A port of the Pi that two services publish, so that only one of them can run.
 *
 * @param one the service that the file has first
 */
public record PortClash(String one, String other, Endpoint endpoint) {

  /** What helps. */
  public static final String FIX =
      "Publish another port for one of them in the compose file, or none: services of one compose"
          + " file reach each other without";

  /** In words. */
  public String described() {
    return one + " and " + other + " both publish port " + endpoint + " in the compose file";
  }
}
