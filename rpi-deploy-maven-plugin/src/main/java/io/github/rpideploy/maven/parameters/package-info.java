/**
 * How the value of a parameter is read: a duration, a cache directory, a {@code <server>} of
 * settings.xml; and which names are none. Knows no goal.
 */
@NullMarked
package io.github.rpideploy.maven.parameters;

import org.jspecify.annotations.NullMarked;
