/**
 * Smoke tests, which decide whether a recreated service is good: what is asked, what came of it,
 * and the HTTP requests and TCP connections themselves, made through the SSH connection or
 * directly. The only room that sees HttpClient 5; it uses only {@code remote}.
 */
@NullMarked
package io.github.rpideploy.smoke;

import org.jspecify.annotations.NullMarked;
