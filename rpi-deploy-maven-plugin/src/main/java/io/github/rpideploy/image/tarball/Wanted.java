package io.github.rpideploy.image.tarball;

import io.github.rpideploy.image.Platform;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which image of a tarball is wanted, should it have several.
 *
 * @param platform of the machine that runs it
 * @param image what the compose file names, as it stands there, with its variables; empty when no
 *     local file does. Asked only where names decide
 * @param directory where a tarball is unpacked that is compressed as a whole
 */
public record Wanted(Platform platform, Supplier<Optional<String>> image, Path directory) {}
