package io.github.rpideploy.image.delta;

import io.github.rpideploy.image.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of a layer that later layers may be made of, as it is kept on the Pi: compressed, a
 * line with the layer, one for each file, and one for the end.
 *
 * @param layer its diffID
 * @param files those that can be used
 */
public record LayerFiles(Digest layer, List<LayerFile> files) {

  /** No more files of one layer are listed. */
  static final int MOST_FILES = 10_000;

  private static final int TEXT_LIMIT = 4 * 1024 * 1024;
  private static final String FIRST = "files 1 ";
  private static final String LAST = "end";
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,15}) (.+)");

  /** Keeps a copy of the list. */
  public LayerFiles {
    files = List.copyOf(files);
  }

  /** As it is kept on the Pi. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer text =
        new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
      text.write(FIRST + layer.hex() + "\n");
      for (LayerFile file : files) {
        text.write(file.digest().hex() + " " + file.size() + " " + file.path() + "\n");
      }
      text.write(LAST + "\n");
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what the Pi has; empty when it is damaged, about another layer, or more than we write.
   */
  public static Optional<LayerFiles> parse(Digest layer, byte[] bytes) {
    try (BufferedReader lines =
        new BufferedReader(
            new BoundedReader(
                new InputStreamReader(
                    new GZIPInputStream(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8),
                TEXT_LIMIT))) {
      if (!(FIRST + layer.hex()).equals(lines.readLine())) {
        return Optional.empty();
      }
      List<LayerFile> files = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(LAST)) {
          return lines.readLine() == null
              ? Optional.of(new LayerFiles(layer, files))
              : Optional.empty();
        }
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || files.size() == MOST_FILES) {
          return Optional.empty();
        }
        long size = Long.parseLong(parts.group(2));
        if (!LayerFile.isUsable(parts.group(3), size)) {
          return Optional.empty();
        }
        files.add(new LayerFile(parts.group(3), size, new Digest(parts.group(1))));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
