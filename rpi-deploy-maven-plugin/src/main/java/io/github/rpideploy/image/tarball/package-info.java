/**
 * Reads image tarballs of any tool: {@link io.github.rpideploy.image.tarball.TarballReader}, which
 * finds the wanted image in them.
 *
 * <p>Nothing in a tarball is trusted: whatever it claims, it is read or refused, within bounds of
 * memory and of disk.
 */
@NullMarked
package io.github.rpideploy.image.tarball;

import org.jspecify.annotations.NullMarked;
