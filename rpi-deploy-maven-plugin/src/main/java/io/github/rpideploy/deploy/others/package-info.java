/**
 * The services that a deployed one needs and that no module deploys: what they are, starting them,
 * and waiting for them. Uses {@code deploy/verify} to find out why one fails.
 */
@NullMarked
package io.github.rpideploy.deploy.others;

import org.jspecify.annotations.NullMarked;
