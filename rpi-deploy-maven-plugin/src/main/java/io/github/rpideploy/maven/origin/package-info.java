/**
 * Who runs the build, and of which commit: what others see of it on the Pi.
 *
 * <p>Not here: what happens on the Pi.
 */
@NullMarked
package io.github.rpideploy.maven.origin;

import org.jspecify.annotations.NullMarked;
