/**
 * Docker Swarm as typed calls to a manager: its nodes, what {@code docker stack deploy} is told of
 * one service, and the tasks that come of it.
 */
@NullMarked
package io.github.rpideploy.docker.swarm;

import org.jspecify.annotations.NullMarked;
