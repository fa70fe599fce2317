/**
 * Image tarballs: reading what Jib's {@code buildTar} wrote, and writing the archive that {@code
 * docker load} reads. No network, no other room.
 */
@NullMarked
package io.github.rpideploy.image;

import org.jspecify.annotations.NullMarked;
