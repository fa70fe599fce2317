/**
 * What was deployed: the history on the Pi, recorded as a fold of events, and which releases stay
 * on the Pi. Uses {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.history;

import org.jspecify.annotations.NullMarked;
