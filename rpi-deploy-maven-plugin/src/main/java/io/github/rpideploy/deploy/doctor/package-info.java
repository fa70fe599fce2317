/**
 * Examines a Pi, its Docker and the compose file before anything is deployed. Uses {@code stack}
 * and {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.doctor;

import org.jspecify.annotations.NullMarked;
