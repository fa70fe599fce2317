/**
 * The use cases: ship, recreate, verify, and all three for several services in order. Decides what
 * happens on the Pi and when; how it is said to Docker, SSH and HTTP is the business of the rooms
 * below, how it is shown the business of {@code report}.
 */
@NullMarked
package io.github.rpideploy.deploy;

import org.jspecify.annotations.NullMarked;
