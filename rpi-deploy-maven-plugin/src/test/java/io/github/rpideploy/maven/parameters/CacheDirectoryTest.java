package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {

  private static final Path HOME = Path.of("/home/me");

  @Test
  void it_is_where_the_operating_system_keeps_such_things() {
    assertThat(CacheDirectory.of("Linux", HOME, Map.of()))
        .isEqualTo(Path.of("/home/me/.cache/rpi-deploy"));
    assertThat(CacheDirectory.of("Mac OS X", HOME, Map.of()))
        .isEqualTo(Path.of("/home/me/Library/Caches/rpi-deploy"));
    assertThat(CacheDirectory.of("Windows 11", HOME, Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/rpi-deploy"));
  }

  @Test
  void XDG_CACHE_HOME_says_otherwise_if_it_is_absolute() {
    assertThat(CacheDirectory.of("Linux", HOME, Map.of("XDG_CACHE_HOME", "/fast")))
        .isEqualTo(Path.of("/fast/rpi-deploy"));
    assertThat(CacheDirectory.of("Linux", HOME, Map.of("XDG_CACHE_HOME", "relative")))
        .isEqualTo(Path.of("/home/me/.cache/rpi-deploy"));
  }
}
