/**
 * How a build's events, logs and status are shown on Maven's console: lines, progress, tables. It
 * may use {@code report}, and what {@code deploy.look} and {@code ssh.settings} hand it.
 */
@NullMarked
package io.github.rpideploy.maven.console;

import org.jspecify.annotations.NullMarked;
