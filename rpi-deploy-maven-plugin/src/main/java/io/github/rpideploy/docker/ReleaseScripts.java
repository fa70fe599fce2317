package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The shell scripts that look at releases on the Pi, one round trip each whatever the number of
 * services, and what they note there.
 *
 * <p>Whenever a release was proved, a {@link SentLayers} is written to a file named by the image's
 * id, in {@value #NOTES} in the user's home, and it counts for as long as the Engine lists an image
 * of that id. The containerd store cannot be asked which blobs it has without root; but an image id
 * of that store is the digest of a manifest and commits to its blobs. So such a file cannot become
 * wrong, whichever project, build or Engine wrote it; without it a layer is sent or a release
 * proved again, and that is all.
 */
final class ReleaseScripts {

  static final String NOTES = ".cache/rpi-deploy/notes";

  /** What an SD card may need after the last byte of an image has arrived. */
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(30);

  /** Proofs make and remove a container each, which an SD card may take seconds for. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /**
   * {@code docker …} by the command line in the first argument: a path, or what {@link
   * DockerCommand} has put before it.
   */
  static final String DOCKER = "docker=$1\ndocker() { eval \"$docker \\\"\\$@\\\"\"; }\n";

  /**
   * Every image in one line, with its names, and then what was noted of it. {@code known} digests
   * are not repeated.
   */
  static final String IMAGES =
      """
      notes=$HOME/%s
      images() {
        command -v awk >/dev/null || awk() { cat; }
        ids=$(docker image ls --quiet --no-trunc | sort -u)
        {
          [ -z "$ids" ] || docker image inspect --format 'image {{.Id}}{{range .RepoTags}} {{.}}{{end}}{{range .RootFS.Layers}} {{.}}{{end}}' $ids 2>/dev/null
          for id in $ids; do
            f=$notes/${id#sha256:}
            [ ! -r "$f" ] || echo "note ${id#sha256:} $(head -n 1 "$f")"
          done
        } | sed 's/sha256://g' | awk '{
          line = $1
          for (i = 2; i <= NF; i++)
            if (length($i) != 64 || $i !~ /^[0-9a-f]+$/) line = line " " $i
            else if ($i in known) line = line " =" known[$i]
            else { known[$i] = count++; line = line " " $i }
          print line
        }'
      }
      """
          .formatted(NOTES);

  /** What is free where the Engine writes. */
  static final String SPACE =
      """
      space() {
        [ -d /var/lib/containerd ] && containerd=/var/lib/containerd || containerd=
        for place in "$1" $containerd; do
          df -Pk -- "$place" 2>/dev/null | {
            read -r _ && read -r _ _ _ free _ && echo "space $free $place"
          }
        done
      }
      """;

  private static final String SURVEY = DOCKER + IMAGES + SPACE + "images\nspace \"$2\"\n";

  /**
   * {@code check tag platform}: prints what is there and shows that containers can be made of it:
   * creates one, never starts it, removes it. The argument "true" is never run; it makes an image
   * without entrypoint or command acceptable.
   *
   * <p>A note appears as a whole, and only of an image of the id that is expected. Notes of images
   * that are gone go too.
   */
  private static final String PROVE =
      """
      notes=$HOME/%s
      check() {
        facts=$(docker image inspect --format '{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}' "$1" 2>/dev/null) || {
          echo "absent $1 $(docker image inspect "$1" 2>&1 >/dev/null | tr '\\n' ' ')"; return 1
        }
        echo "found $1 $facts"
        id=${facts%%%% *} id=${id#sha256:}
        removed=
        if said=$(docker create --pull never --platform "$2" "$1" true 2>&1) &&
          removed=$(docker rm -v "$(printf '%%s\\n' "$said" | tail -n 1)" 2>&1)
        then return 0
        else
          rm -f -- "$notes/$id"
          echo "unusable $1 $(printf '%%s %%s' "$said" "$removed" | tr '\\n' ' ')"; return 1
        fi
      }
      written=
      while [ $# -gt 0 ]; do
        if check "$1" "$2" && [ -n "$record" ] && [ -n "$4" ]; then
          case " $3 " in *" $id "*)
            new=$notes/.$id.$$
            { mkdir -p "$notes" && printf '%%s\\n' "$4" > "$new" && mv "$new" "$notes/$id"; } 2>/dev/null &&
              written=yes || echo "unrecorded $1" ;;
          esac
        fi
        shift 4
      done
      if [ -n "$written" ]; then
        ids=" $(docker image ls --quiet --no-trunc | tr '\\n' ' ')"
        for f in "$notes"/*; do
          case $ids in *" sha256:${f##*/} "*) ;; *) rm -f -- "$f" ;; esac
        done
      fi
      exit 0
      """
          .formatted(NOTES);

  /** Of a load that failed it is not known what is there, so nothing is noted. */
  private static final String LOAD =
      DOCKER
          + """
      shift
      said=$(docker load --quiet 2>&1)
      status=$? record=yes
      echo "loaded $status $(printf '%s' "$said" | tr '\\n' ' ')"
      [ $status -eq 0 ] || record=
      """
          + PROVE;

  private ReleaseScripts() {}

  /** Asks for everything that {@link EngineContents} has; changes nothing. */
  static Command survey(Engine engine, DockerCommand docker) {
    return Command.script(SURVEY, docker.line(), engine.rootDirectory()).within(TIMEOUT);
  }

  /** Loads the archive on standard input, and proves and notes the releases that are in it. */
  static Command load(DockerCommand docker, List<ReleaseCheck> releases) {
    return Command.script(LOAD, arguments(docker, releases)).within(LOAD_TIMEOUT);
  }

  /** Proves releases that are there, and notes them. */
  static Command prove(DockerCommand docker, List<ReleaseCheck> releases) {
    return Command.script(DOCKER + "record=yes; shift\n" + PROVE, arguments(docker, releases))
        .within(TIMEOUT);
  }

  private static String[] arguments(DockerCommand docker, List<ReleaseCheck> releases) {
    List<String> arguments = new ArrayList<>(List.of(docker.line()));
    for (ReleaseCheck release : releases) {
      arguments.addAll(List.of(release.tag(), release.platform()));
      arguments.add(String.join(" ", release.ids()));
      arguments.add(release.note() == null ? "" : release.note().text());
    }
    return arguments.toArray(String[]::new);
  }
}
