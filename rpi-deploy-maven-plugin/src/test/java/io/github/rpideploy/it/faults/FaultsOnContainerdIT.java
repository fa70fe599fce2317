package io.github.rpideploy.it.faults;

/** The first half of the pairs, on the containerd store. */
class FaultsOnContainerdIT extends FaultsIT {}
