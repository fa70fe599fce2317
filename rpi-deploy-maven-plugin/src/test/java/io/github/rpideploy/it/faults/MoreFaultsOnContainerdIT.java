package io.github.rpideploy.it.faults;

/** The second half of the pairs, on the containerd store. */
class MoreFaultsOnContainerdIT extends FaultsIT {}
