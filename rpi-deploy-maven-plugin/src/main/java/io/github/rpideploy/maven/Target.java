package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.ssh.settings.SshRequest;

/** Where a module goes: a compose project on a Pi. */
record Target(SshRequest ssh, Stack stack) {}
