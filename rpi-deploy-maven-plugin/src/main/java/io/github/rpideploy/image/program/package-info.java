/**
 * The program that an archive with deltas is sent as. It is made of parts, each compressed with
 * gzip, which any {@code gzip -dc} puts together again. Unpacked, it is a list of operations, of
 * which {@code apply-delta.sh} makes the archive on the Pi:
 *
 * <pre>{@code
 * files 1                            old files that are named from here on, in place of those before
 * 0 58120 1 libs/spring-core.jar     directory, size, how often it is copied from, name
 * +700                               so many bytes follow, which are written
 * =0 100 58000                       is copied: file, offset, length
 * .                                  the end
 * }</pre>
 *
 * <p>It uses no other room of ours.
 */
@NullMarked
package io.github.rpideploy.image.program;

import org.jspecify.annotations.NullMarked;
