/**
 * The use cases: plan, ship, recreate, verify, all of them for several services in order, and going
 * back to an earlier release. Decides what happens on the Pi and when. The wings below know how
 * each step is done; {@code docker}, {@code remote} and {@code smoke} know how to ask for it, and
 * {@code report} hears what happened.
 *
 * <p>A <em>replacement</em> is a service that runs another release than before; a <em>rollback</em>
 * undoes it after a failure; a <em>predecessor</em> is a service that must be good before another
 * one is touched.
 */
@NullMarked
package io.github.rpideploy.deploy;

import org.jspecify.annotations.NullMarked;
