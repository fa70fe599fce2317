/**
 * The front door: nothing but {@link io.github.rpideploy.DeployException}, the failure that every
 * room may throw. It uses no room.
 */
@NullMarked
package io.github.rpideploy;

import org.jspecify.annotations.NullMarked;
