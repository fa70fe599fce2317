/**
 * What is wanted of a deploy, as values: what a user configures for a service and for the compose
 * project. Uses {@code docker}, {@code smoke} and {@code image}.
 */
@NullMarked
package io.github.rpideploy.deploy.spec;

import org.jspecify.annotations.NullMarked;
