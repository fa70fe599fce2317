/**
 * What was deployed: the history on the Pi, as a fold of events, and which releases stay there.
 * Uses {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.history;

import org.jspecify.annotations.NullMarked;
