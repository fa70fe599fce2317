package io.github.rpideploy.it.faults;

/** Where in a deploy of one service a fault strikes, in the order of the deploy. */
enum Point {
  CONNECT,
  PROBE,
  LOCK,
  STREAM_START,
  STREAM_MIDDLE,
  /** All bytes are sent, and {@code docker load} unpacks. */
  STREAM_END,
  PROVED,
  NOW,
  UPLOAD,
  /** What a swarm is to be told is written down. */
  PUT,
  RECREATE,
  /** The new container is created: by compose, or by the swarm. */
  CREATED("create"),
  /** The old one is stopped. */
  STOPPED("die"),
  /** Compose has removed the old one. */
  REMOVED("destroy"),
  /** The new one is started. */
  STARTED("start"),
  RECREATED,
  VERIFY,
  SETTLE,
  SETTLED,
  HISTORY,
  UNLOCK,
  /** The release is bad, and goes back. */
  BACK_RECREATE,
  BACK_REMOVED("destroy"),
  BACK_VERIFY,
  BACK_SETTLE;

  private final String action;

  Point() {
    this("");
  }

  Point(String action) {
    this.action = action;
  }

  /** The Engine's event that it is, or nothing. */
  String action() {
    return action;
  }

  /** Whether the release is verified, and its way back forgotten. */
  boolean isAfterTheVerdict() {
    return this == SETTLED || this == HISTORY || this == UNLOCK;
  }

  /**
   * Whether the guard knows that something live is changed, and there is no verdict yet. At {@link
   * #RECREATE} it is just about to hear of it.
   */
  boolean isLive() {
    return compareTo(RECREATE) > 0 && !isAfterTheVerdict();
  }

  /** Whether nothing live has been changed yet. */
  boolean isBeforeAnythingLive() {
    return compareTo(RECREATE) < 0;
  }

  /** Whether the release is bad. */
  boolean isOnTheWayBack() {
    return name().startsWith("BACK_");
  }
}
