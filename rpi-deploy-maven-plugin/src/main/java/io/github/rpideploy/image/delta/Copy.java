package io.github.rpideploy.image.delta;

/**
 * A piece of a layer that an old file has.
 *
 * @param at where it begins in the layer
 * @param length in bytes
 * @param from the old file
 * @param size the whole old file's
 * @param offset where it begins in the old file
 */
record Copy(long at, long length, OldFiles.Place from, long size, long offset) {}
