/**
 * Smoke tests: the HTTP requests and TCP connections that decide whether a recreated service is
 * good, sent through the SSH connection or directly. The only room that sees HttpClient 5; it uses
 * {@code remote} only.
 */
@NullMarked
package io.github.rpideploy.smoke;

import org.jspecify.annotations.NullMarked;
