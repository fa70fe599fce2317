package io.github.rpideploy.it.faults;

/** The same on the containerd store; side by side with the other, on a Pi of its own. */
class FaultsOnContainerdIT extends FaultsIT {}
