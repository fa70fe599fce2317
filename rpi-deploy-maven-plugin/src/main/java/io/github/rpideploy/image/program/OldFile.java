package io.github.rpideploy.image.program;

/**
 * A file on the Pi that a program copies from.
 *
 * @param directory which of the directories that the program is given
 * @param size the whole file's, in bytes
 * @param uses how often it is copied from
 * @param name as the tar archive of that directory names it; without control characters
 */
public record OldFile(int directory, long size, int uses, String name) {

  /**
   * @throws IllegalArgumentException when the name would end its line
   */
  public OldFile {
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("not a name for a program");
    }
  }
}
