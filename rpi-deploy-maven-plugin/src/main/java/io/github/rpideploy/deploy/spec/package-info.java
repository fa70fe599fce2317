/**
 * What a user configures for a deploy, as values: the service, its smoke tests, the compose
 * project. Uses {@code docker}, {@code smoke} and {@code image}.
 */
@NullMarked
package io.github.rpideploy.deploy.spec;

import org.jspecify.annotations.NullMarked;
