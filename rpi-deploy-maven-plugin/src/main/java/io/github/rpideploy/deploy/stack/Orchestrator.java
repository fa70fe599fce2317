package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.ProjectStatus;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.remote.ExecResult;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What replaces the services of a stack. Order, deploy lock, guard, history, verification and
 * rollback do not know which it is.
 */
public interface Orchestrator {

  /**
   * What a service is to run.
   *
   * @param intent how to go back, for the guard; empty when it has been told already
   * @param image a tag or an id
   * @param live the tag that the compose file names
   * @param beside the containers that go on beside the new ones; empty to replace them
   * @param replicas how many new ones are started beside them
   */
  record Change(
      String service,
      String intent,
      String image,
      ImageReference live,
      List<String> beside,
      int replicas) {

    /** Keeps a copy. */
    public Change {
      beside = List.copyOf(beside);
    }
  }

  /** Whether the containers of a service are there. */
  sealed interface Arrival {

    /** They are, with these ids. */
    record Here(List<String> containers) implements Arrival {}

    /** Not all of them; this is what is lacking. */
    record NotYet(String state) implements Arrival {}

    /**
     * They will not come, for this reason.
     *
     * @param container one that shows it; empty when there is none
     */
    record Never(String reason, String container) implements Arrival {}
  }

  /**
   * Asks what a service runs now; nothing is changed.
   *
   * @param release the tag that it is to run
   * @param live the tag that the compose file names
   * @throws DeployException when the Engine does not answer
   */
  ServiceNow now(String service, ImageReference release, ImageReference live);

  /**
   * A digest of what the compose file says of each service, by name: of the file that the directory
   * has, or will have. See {@link ServiceNow#isMadeOf}.
   */
  Map<String, String> digests();

  /** That of one service, of which {@link #digests} may know nothing. */
  Optional<String> digest(String service);

  /**
   * Lets a service run a release; no other service is touched, nothing is pulled. It is done once
   * even if it is asked for again because the connection was lost.
   *
   * @param untouched is called before this fails because nothing live was changed
   * @return the standard output has a line for each container that was made, or for what will make
   *     them
   * @throws DeployException when nothing was changed
   */
  ExecResult replace(HeldLock lock, Change change, Runnable untouched);

  /**
   * Lets a service run again what it ran before.
   *
   * @param back with the containers that still serve, if there are such
   * @return as {@link #replace}
   * @throws DeployException when the deploy lock was lost, or the Engine does not do it
   */
  ExecResult goBack(HeldLock lock, Change back);

  /**
   * The verdict on services is in: makes durable what they run, and forgets how to go back.
   *
   * @param good the id of the image with which they were proved good; empty when they were not
   * @param proved whether a service was proved good with the present compose file
   * @throws DeployException when the deploy lock was lost, so that the guard may have gone back; or
   *     the Pi cannot do it
   */
  void settle(HeldLock lock, Collection<String> services, String good, boolean proved);

  /**
   * The same for a service whose old containers go on: they are drained and removed.
   *
   * @return what went wrong with them, in words; the service is good whatever it says
   */
  List<String> retire(
      HeldLock lock, String service, String good, Strategy strategy, List<String> old);

  /** What the guard runs in the compose directory when a deploy ends without a verdict. */
  List<String> wayBack();

  /**
   * The ids of a service's containers, running or not.
   *
   * @throws DeployException when they cannot be listed
   */
  List<String> containers(String service);

  /** The same; empty also when the directory or the service does not exist yet. */
  List<String> containersIfAny(String service);

  /**
   * Whether the containers of a service that was replaced are there. They may still be starting.
   *
   * @param image the id of the image that they are to run
   * @param made what {@link #replace} has told
   */
  Arrival arrival(String service, String image, List<String> made);

  /** Where a container is. */
  Node nodeOf(String container);

  /**
   * The machines besides the Pi itself on which the service may run, so that they must have its
   * image.
   *
   * @throws DeployException when one of them cannot be reached
   */
  default List<Node> nodes(String service) {
    return List.of();
  }

  /**
   * The machines with these names, which may be the Pi itself.
   *
   * @throws DeployException when there is none of a name, or it is not there now
   */
  default List<Node> machines(List<String> names) {
    throw new DeployException(
        named() + " replaces services on the Pi alone, so there is no node " + names.get(0),
        "Ship without names of nodes");
  }

  /**
   * Whether a machine is not there any more, so that its containers are elsewhere now, or will be.
   *
   * @param failure what happened when it was asked
   */
  default boolean isLost(Node node, DeployException failure) {
    return false;
  }

  /**
   * The status of services, where their containers are on several machines.
   *
   * @param project what the Pi itself has told
   */
  default ProjectStatus status(ProjectStatus project, Collection<String> services) {
    return project;
  }

  /** Who it is, at the beginning of a sentence. */
  String named();

  /** The commands that show a service, for a person on the Pi. */
  String commandsToSee(String service);
}
