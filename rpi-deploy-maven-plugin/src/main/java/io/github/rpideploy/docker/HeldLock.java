package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import java.util.function.Supplier;

/**
 * The deploy lock, for steps that change something live.
 *
 * @param file where it is in the directory
 * @param token what says in that file that this deploy holds it
 * @param lost what to tell the user when it does not
 */
public record HeldLock(String file, String token, Supplier<DeployException> lost) {}
