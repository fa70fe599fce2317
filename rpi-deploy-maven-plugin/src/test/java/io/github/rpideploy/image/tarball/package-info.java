/** Tests of what is read of tarballs. */
@NullMarked
package io.github.rpideploy.image.tarball;

import org.jspecify.annotations.NullMarked;
