/**
 * What a user can see without changing anything: status and logs. Uses {@code history}, {@code
 * ship}, {@code stack}, {@code spec}, and {@code verify} to keep secrets out of logs.
 */
@NullMarked
package io.github.rpideploy.deploy.look;

import org.jspecify.annotations.NullMarked;
