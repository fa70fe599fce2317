package io.github.rpideploy.it.faults;

import java.util.EnumSet;
import java.util.Set;

/** What goes wrong. */
enum Fault {
  /** All connections are reset. */
  CUT,
  /** The same, and for five seconds nothing passes. */
  CUT_FOR_A_WHILE,
  /** The same, and nothing passes until the client has given up. */
  GONE,
  /** Nothing passes any more, without a word, until the client has given up. */
  SILENT_LINK,
  /** The processes of the user's SSH sessions are killed. */
  SSHD_KILLED,
  /** All of sshd is killed, and starts again. */
  SSHD_RESTARTED,
  DOCKERD_KILLED,
  DOCKERD_RESTARTED,
  /** The kernel is out of memory, and kills whatever talks to the Engine. */
  OUT_OF_MEMORY,
  /** 64 kbit/s, and two seconds to the Pi and back. */
  SLOW_LINK,
  /** No byte is free where the Engine and the compose directory are, until the client has ended. */
  DISK_FULL,
  /**
   * The disk has an error and is read-only, until somebody pulls the plug when the client ended.
   */
  READ_ONLY,
  /** Only what was on the disk is there after the boot. */
  POWER_CUT,
  /** Somebody else deploys to the same directory at the same time. */
  SECOND_DEPLOY,
  /** The release is removed while it is being deployed. */
  RELEASE_REMOVED,
  /** An older release is removed whose layer the deploy has not sent, because the Pi had it. */
  LAYER_REMOVED,
  /** Somebody edits the compose file on the Pi. */
  COMPOSE_EDITED,
  /** Somebody removes the service's container. */
  CONTAINER_REMOVED,
  /** A container with a name like those that an interrupted compose leaves. */
  LEFTOVER_CONTAINER;

  /** The points at which it makes sense. */
  Set<Point> points() {
    return switch (this) {
      case CUT, SSHD_RESTARTED, DOCKERD_RESTARTED -> EnumSet.allOf(Point.class);
      case CUT_FOR_A_WHILE, GONE -> EnumSet.range(Point.RECREATE, Point.BACK_SETTLE);
      case SSHD_KILLED, DOCKERD_KILLED -> EnumSet.range(Point.PROBE, Point.BACK_SETTLE);
      case OUT_OF_MEMORY ->
          EnumSet.of(
              Point.STREAM_MIDDLE,
              Point.STREAM_END,
              Point.CREATED,
              Point.STOPPED,
              Point.REMOVED,
              Point.STARTED,
              Point.VERIFY,
              Point.BACK_REMOVED);
      case SLOW_LINK ->
          EnumSet.of(
              Point.PROVED,
              Point.RECREATE,
              Point.VERIFY,
              Point.SETTLE,
              Point.HISTORY,
              Point.BACK_RECREATE);
      case SILENT_LINK ->
          EnumSet.of(
              Point.STREAM_MIDDLE,
              Point.RECREATE,
              Point.STOPPED,
              Point.VERIFY,
              Point.BACK_RECREATE,
              Point.HISTORY);
      case DISK_FULL, READ_ONLY ->
          EnumSet.of(
              Point.PROBE,
              Point.LOCK,
              Point.STREAM_START,
              Point.STREAM_MIDDLE,
              Point.STREAM_END,
              Point.PROVED,
              Point.UPLOAD,
              Point.RECREATE,
              Point.STOPPED,
              Point.VERIFY,
              Point.SETTLE,
              Point.HISTORY,
              Point.BACK_RECREATE);
      case POWER_CUT -> EnumSet.range(Point.STREAM_START, Point.BACK_SETTLE);
      case SECOND_DEPLOY ->
          EnumSet.of(
              Point.STREAM_MIDDLE,
              Point.PROVED,
              Point.RECREATE,
              Point.STOPPED,
              Point.VERIFY,
              Point.SETTLED,
              Point.BACK_VERIFY);
      case RELEASE_REMOVED -> EnumSet.of(Point.PROVED, Point.NOW, Point.UPLOAD, Point.RECREATE);
      case LAYER_REMOVED -> EnumSet.of(Point.LOCK, Point.STREAM_START);
      case COMPOSE_EDITED ->
          EnumSet.of(
              Point.STREAM_MIDDLE,
              Point.NOW,
              Point.RECREATE,
              Point.STOPPED,
              Point.VERIFY,
              Point.BACK_RECREATE);
      case CONTAINER_REMOVED ->
          EnumSet.of(
              Point.STREAM_MIDDLE,
              Point.NOW,
              Point.UPLOAD,
              Point.RECREATE,
              Point.RECREATED,
              Point.VERIFY,
              Point.BACK_RECREATE);
      case LEFTOVER_CONTAINER -> EnumSet.of(Point.NOW, Point.RECREATE, Point.BACK_RECREATE);
    };
  }

  /** Whether the next command heals, because nothing on the Pi could. */
  boolean isHealedByTheNextDeploy(Point point) {
    return this == DISK_FULL
        || this == READ_ONLY
        || (this == POWER_CUT && !point.isAfterTheVerdict());
  }

  /** Whether a deploy that replaces a service goes on after it. */
  boolean isSurvived() {
    return this == CUT || this == CUT_FOR_A_WHILE || this == SSHD_KILLED || this == SSHD_RESTARTED;
  }

  /** Whether the service's container stays as it is while nothing live is done. */
  boolean leavesContainers() {
    return !restartsAll() && this != CONTAINER_REMOVED;
  }

  /** Whether other services are restarted by what the fault does to the Engine. */
  boolean restartsAll() {
    return this == POWER_CUT
        || this == READ_ONLY
        || this == DOCKERD_KILLED
        || this == DOCKERD_RESTARTED;
  }
}
