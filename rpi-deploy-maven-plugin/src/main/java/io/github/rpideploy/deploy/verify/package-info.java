/**
 * Proves that a recreated service is good, by its state, health check and smoke tests, or finds out
 * why it is not, by its log and events. {@code Verifier} asks, {@code ContainerJudge} decides,
 * {@code Diagnosis} explains. Uses {@code ship}, {@code stack} and {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.verify;

import org.jspecify.annotations.NullMarked;
