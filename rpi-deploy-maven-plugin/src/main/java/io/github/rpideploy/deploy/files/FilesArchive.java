package io.github.rpideploy.deploy.files;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.TarHeader;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tar archive of a compose file ({@code compose}), the list of files that go along with it
 * ({@code files}), and some of these, each named by the number of its line in the list. So no name
 * of a file has to fit into a header.
 */
public final class FilesArchive {

  private final String composeYaml;
  private final StackFiles files;
  private final Set<String> chosen = new HashSet<>();

  /**
   * @param some the files whose content is in the archive
   */
  private FilesArchive(String composeYaml, StackFiles files, Collection<StackFile> some) {
    this.composeYaml = composeYaml;
    this.files = files;
    some.forEach(file -> chosen.add(file.path()));
  }

  /** What the Pi needs to let compose read the project. */
  public static Stdin toRead(String composeYaml, StackFiles files) {
    List<StackFile> some = new ArrayList<>(files.files().values());
    some.removeIf(file -> !files.readByCompose().contains(file.path()));
    return new FilesArchive(composeYaml, files, some)::writeTo;
  }

  /** What the Pi needs to have the project. */
  public static Stdin toPlace(String composeYaml, StackFiles files, Collection<StackFile> lacking) {
    return new FilesArchive(composeYaml, files, lacking)::writeTo;
  }

  private void writeTo(OutputStream out) throws IOException {
    write("compose", composeYaml, out);
    write("files", files.manifest(), out);
    int line = 0;
    for (StackFile file : files.files().values()) {
      line++;
      if (chosen.contains(file.path())) {
        copy(String.valueOf(line), file, out);
      }
    }
    out.write(new byte[2 * TarHeader.BLOCK]);
    out.flush();
  }

  private static void write(String name, String text, OutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(TarHeader.ofFile(name, bytes.length));
    out.write(bytes);
    pad(bytes.length, out);
  }

  /** The Pi compares the content with the digest in the list. */
  private static void copy(String name, StackFile file, OutputStream out) throws IOException {
    out.write(TarHeader.ofFile(name, file.size()));
    byte[] buffer = new byte[64 * 1024];
    long left = file.size();
    try (InputStream in = Files.newInputStream(file.local())) {
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new DeployException(
              file.local() + " became shorter while it was sent",
              "Deploy again when nothing writes it any more");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    pad(file.size(), out);
  }

  private static void pad(long size, OutputStream out) throws IOException {
    out.write(new byte[(int) (TarHeader.padded(size) - size)]);
  }
}
