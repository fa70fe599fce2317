package io.github.rpideploy.docker;

import io.github.rpideploy.remote.ExecResult;

/**
 * How a load ended.
 *
 * @param result of {@code docker load}, which proves nothing: the containerd store exits 0 for an
 *     image that it could not unpack (measured on Engine 28.5); its output is in {@code stderr}
 * @param proof the state of the releases afterwards
 */
public record Loaded(ExecResult result, Proof proof) {}
