/**
 * The only room that sees Maven: one thin mojo per goal, the parameters and the reactor. It turns
 * parameters into records, calls one use case of {@code deploy}, and translates {@link
 * io.github.rpideploy.DeployException} for Maven in one place.
 *
 * <ul>
 *   <li><i>parameters</i>: what a module configures; their Javadoc is the manual, and docs/ is
 *       generated from it
 *   <li><i>modules</i>: those of the reactor; <i>participants</i> deploy a service
 *   <li><i>target</i>: a compose project on a Pi, where a module goes
 *   <li><i>build session</i>: what all goals of one build share, closed when the build ends
 *   <li><i>deferral</i>: a goal that Maven runs too early waits for the services before its own
 * </ul>
 */
@NullMarked
package io.github.rpideploy.maven;

import org.jspecify.annotations.NullMarked;
