/**
 * What happens, as data: sealed {@link io.github.rpideploy.report.Event}s for a {@link
 * io.github.rpideploy.report.Reporter}, and the renderers that need nothing but them. Uses no other
 * room.
 */
@NullMarked
package io.github.rpideploy.report;

import org.jspecify.annotations.NullMarked;
