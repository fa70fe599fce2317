package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Much input, and outputs that tell what they got. */
final class Streams {

  static final int MIB = 1024 * 1024;

  private Streams() {}

  /** Writes bytes that do not compress, and adds them to a digest. */
  static void random(OutputStream out, int length, @Nullable MessageDigest digest)
      throws IOException {
    Random random = new Random(42);
    byte[] chunk = new byte[100_000];
    for (int left = length; left > 0; left -= chunk.length) {
      random.nextBytes(chunk);
      int n = Math.min(left, chunk.length);
      if (digest != null) {
        digest.update(chunk, 0, n);
      }
      out.write(chunk, 0, n);
    }
  }

  /** An output that tells of its first byte. */
  static OutputStream opening(CountDownLatch latch) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        latch.countDown();
      }
    };
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
