/**
 * What happens, as data: sealed {@link io.github.rpideploy.report.Event}s for a {@link
 * io.github.rpideploy.report.Reporter}, the {@link io.github.rpideploy.report.Outcome}s of a
 * deploy, and the renderers that need nothing else. Uses no other room.
 */
@NullMarked
package io.github.rpideploy.report;

import org.jspecify.annotations.NullMarked;
