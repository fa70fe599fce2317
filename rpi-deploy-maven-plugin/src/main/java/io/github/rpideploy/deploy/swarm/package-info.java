/** A swarm of several Pis in place of compose on one: which node gets what, and what runs where. */
@NullMarked
package io.github.rpideploy.deploy.swarm;

import org.jspecify.annotations.NullMarked;
