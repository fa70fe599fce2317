/**
 * Proves that a recreated service is good, and otherwise finds out why: its state, its health, its
 * smoke tests, its log. Uses {@code ship}, {@code stack} and {@code spec}.
 */
@NullMarked
package io.github.rpideploy.deploy.verify;

import org.jspecify.annotations.NullMarked;
