package io.github.rpideploy.image;

/**
 * The bytes that a layer is kept or sent as. The same layer, so the same diffID, can be one blob in
 * a tarball and another one on the Pi: compressed in another way, or not at all.
 *
 * @param digest of these bytes
 * @param size how many they are
 * @param compression how the layer is compressed in them
 */
public record Blob(Digest digest, long size, Compression compression) {}
