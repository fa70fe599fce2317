package io.github.rpideploy.docker;

import java.util.Set;

/**
 * What the Pi's Docker Engine is.
 *
 * @param version for example {@code 26.1.5}
 * @param store where it keeps images: {@code overlay2} or another classic storage driver, or {@code
 *     containerd}
 * @param os {@code linux}
 * @param architecture in Go's words: {@code arm64}, {@code amd64}, {@code arm}
 * @param emulated further architectures that the kernel runs through binfmt, in Go's words
 * @param rootDirectory where it keeps its data
 */
public record Engine(
    String version,
    String store,
    String os,
    String architecture,
    Set<String> emulated,
    String rootDirectory) {

  /** The name of the image store that containerd keeps. */
  public static final String CONTAINERD = "containerd";

  private static final int FIRST_WITH_ZSTD = 23;

  public Engine {
    emulated = Set.copyOf(emulated);
  }

  /**
   * Whether {@code docker load} takes layers that are compressed with zstd: from Engine 23 on
   * (20.10 refuses them, 26.1 and 28.5 take them with both stores; measured).
   */
  public boolean readsZstd() {
    String major = version.split("\\D", 2)[0];
    return !major.isEmpty() && major.length() < 9 && Integer.parseInt(major) >= FIRST_WITH_ZSTD;
  }

  /** {@code linux/arm64}. */
  public String platform() {
    return os + "/" + architecture;
  }

  /** Whether containers of this operating system and architecture run, if need be emulated. */
  public boolean runs(String imageOs, String imageArchitecture) {
    return os.equals(imageOs)
        && (architecture.equals(imageArchitecture) || emulated.contains(imageArchitecture));
  }
}
