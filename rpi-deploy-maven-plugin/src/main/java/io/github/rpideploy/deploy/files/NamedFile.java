package io.github.rpideploy.deploy.files;

import org.jspecify.annotations.Nullable;

/**
 * A file or directory that a compose file names.
 *
 * @param path relative to the compose file's directory
 * @param by what names it, for messages
 * @param service whose it is; null when it belongs to no one service
 * @param read whether compose itself reads it, so that the project is not complete without it
 * @param used whether the containers of the service see what is in it
 */
record NamedFile(String path, String by, @Nullable String service, boolean read, boolean used) {}
