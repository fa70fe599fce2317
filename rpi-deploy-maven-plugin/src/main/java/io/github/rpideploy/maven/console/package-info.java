/**
 * How a build's events are shown on Maven's console: lines, progress, tables. Uses {@code report}
 * and what {@code deploy} returns.
 */
@NullMarked
package io.github.rpideploy.maven.console;

import org.jspecify.annotations.NullMarked;
