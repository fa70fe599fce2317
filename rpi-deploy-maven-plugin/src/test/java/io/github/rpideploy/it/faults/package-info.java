/** One fault at one point of a real deploy, and what must be true afterwards. */
@NullMarked
package io.github.rpideploy.it.faults;

import org.jspecify.annotations.NullMarked;
