/**
 * How a build's events, logs and status are shown: on Maven's console as lines, progress and
 * tables, to GitHub Actions, and in the reports of a deploy. It may use {@code report}, and what
 * {@code deploy.look} and {@code ssh.settings} hand it.
 */
@NullMarked
package io.github.rpideploy.maven.console;

import org.jspecify.annotations.NullMarked;
