package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.TarHeader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists of files as they go to the Pi and come from there: a tar archive, a file for each layer.
 */
public final class FileListArchive {

  private FileListArchive() {}

  /** The archive of these lists. */
  public static byte[] write(List<LayerFiles> lists) {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    for (LayerFiles list : lists) {
      byte[] bytes = list.bytes();
      archive.writeBytes(TarHeader.ofFile(list.layer().hex(), bytes.length));
      archive.writeBytes(Arrays.copyOf(bytes, (int) TarHeader.padded(bytes.length)));
    }
    archive.writeBytes(new byte[2 * TarHeader.BLOCK]);
    return archive.toByteArray();
  }

  /**
   * Reads what the Pi has, as far as it makes sense.
   *
   * @param wanted of which layers
   */
  public static Map<Digest, LayerFiles> read(byte[] archive, Set<Digest> wanted) {
    Map<Digest, LayerFiles> lists = new HashMap<>();
    try {
      for (int at = 0; at + TarHeader.BLOCK <= archive.length; ) {
        byte[] block = Arrays.copyOfRange(archive, at, at + TarHeader.BLOCK);
        if (TarHeader.isEnd(block)) {
          break;
        }
        TarHeader header = TarHeader.parse(block);
        at += TarHeader.BLOCK;
        if (header.size() > archive.length - at) {
          break;
        }
        Optional<Digest> layer =
            Digest.ofHex(header.name().replaceFirst("^\\./", "")).filter(wanted::contains);
        if (layer.isPresent()) {
          byte[] bytes = Arrays.copyOfRange(archive, at, at + (int) header.size());
          LayerFiles.parse(layer.get(), bytes).ifPresent(list -> lists.put(layer.get(), list));
        }
        at += (int) TarHeader.padded(header.size());
      }
    } catch (TarHeader.Malformed e) {
      // What came before it counts.
    }
    return lists;
  }
}
