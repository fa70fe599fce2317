/**
 * What one Maven session is made of, whatever is deployed in it: what happens in it, and what is
 * made once in it.
 *
 * <p>Not here: goals and what they share.
 */
@NullMarked
package io.github.rpideploy.maven.session;

import org.jspecify.annotations.NullMarked;
