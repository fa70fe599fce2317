/**
 * What a user looks at and nothing changes: status and logs. Uses {@code history}, {@code ship},
 * {@code stack}, {@code spec}, and {@code verify} for keeping secrets out of logs.
 */
@NullMarked
package io.github.rpideploy.deploy.look;

import org.jspecify.annotations.NullMarked;
