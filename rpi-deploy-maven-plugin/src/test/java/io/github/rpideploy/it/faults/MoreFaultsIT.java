package io.github.rpideploy.it.faults;

/** The second half of the pairs, on the overlay2 store. */
class MoreFaultsIT extends FaultsIT {}
