/** What a compose file says, as {@code docker compose config} prints it. */
@NullMarked
package io.github.rpideploy.docker.file;

import org.jspecify.annotations.NullMarked;
