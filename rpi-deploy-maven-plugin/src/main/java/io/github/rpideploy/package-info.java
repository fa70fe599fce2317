/**
 * The front door: {@link io.github.rpideploy.DeployException}, the failure that every room may
 * throw, and {@link io.github.rpideploy.PlainText}, what every room makes of the words of others.
 * It uses no room.
 */
@NullMarked
package io.github.rpideploy;

import org.jspecify.annotations.NullMarked;
