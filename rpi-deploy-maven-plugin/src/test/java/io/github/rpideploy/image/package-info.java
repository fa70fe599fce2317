/** Tests of the image room, and {@link io.github.rpideploy.image.TestImages} for other rooms. */
@NullMarked
package io.github.rpideploy.image;

import org.jspecify.annotations.NullMarked;
