package io.github.rpideploy.deploy;

import org.jspecify.annotations.Nullable;

/**
 * What a recreate has replaced.
 *
 * @param previousImage the id of the image that the live tag named before; null on a first deploy
 */
record Replacement(@Nullable String previousImage) {}
