/**
 * The only room that sees Maven: one thin mojo per goal, the parameters, the reactor and the
 * console. It turns parameters into records, calls one use case of {@code deploy}, and translates
 * {@link io.github.rpideploy.DeployException} for Maven in one place.
 */
@NullMarked
package io.github.rpideploy.maven;

import org.jspecify.annotations.NullMarked;
