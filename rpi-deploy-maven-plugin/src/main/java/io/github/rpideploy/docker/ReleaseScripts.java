package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The shell scripts that look at releases on the Pi, one round trip each whatever the number of
 * services, and the record of what was sent.
 *
 * <p>The containerd store cannot be asked which blobs it has without root. So whenever a release
 * was sent there and proved, the digests of its blobs are written to a file named by the image's
 * id, {@value #RECORDS} in the user's home, and they count for as long as the Engine lists an image
 * of that id. An image id of that store is the digest of a manifest and commits to its blobs, so
 * such a file cannot become wrong, whichever project, build or Engine wrote it; without it a layer
 * is sent again, and that is all.
 */
final class ReleaseScripts {

  static final String RECORDS = ".cache/rpi-deploy/blobs";

  /** Proofs make and remove a container each, which an SD card may take seconds for. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /**
   * {@code check tag platform}: prints what is there and, unless it is to look only, shows that
   * containers can be made of it: creates one, never starts it, removes it. The argument "true" is
   * never run; it makes an image without entrypoint or command acceptable.
   */
  private static final String CHECK =
      """
      docker=$1 prove=$2; shift 2
      records=$HOME/%s
      check() {
        facts=$("$docker" image inspect --format '{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}' "$1" 2>/dev/null) || {
          said=
          [ "$prove" != proof ] || said=$("$docker" image inspect "$1" 2>&1 >/dev/null | tr '\\n' ' ')
          echo "absent $1 $said"; return 1
        }
        echo "found $1 $facts"
        [ "$prove" != look ] || return 0
        removed=
        if said=$("$docker" create --pull never --platform "$2" "$1" true 2>&1) &&
          removed=$("$docker" rm -v "$(printf '%%s\\n' "$said" | tail -n 1)" 2>&1)
        then return 0
        else echo "unusable $1 $(printf '%%s %%s' "$said" "$removed" | tr '\\n' ' ')"; return 1
        fi
      }
      """
          .formatted(RECORDS);

  /** Every image in one line, then what was recorded of it, then space, then the releases. */
  private static final String SURVEY =
      CHECK
          + """
          root=$1; shift
          command -v awk >/dev/null || awk() { cat; }
          ids=$("$docker" image ls --quiet --no-trunc | sort -u)
          {
            [ -z "$ids" ] || "$docker" image inspect --format 'image {{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}' $ids 2>/dev/null
            for id in $ids; do
              f=$records/${id#sha256:}
              [ ! -r "$f" ] || echo "blobs ${id#sha256:} $(head -n 1 "$f")"
            done
          } | sed 's/sha256://g' | awk '{
            line = $1
            for (i = 2; i <= NF; i++)
              if (length($i) != 64 || $i !~ /^[0-9a-f]+$/) line = line " " $i
              else if ($i in known) line = line " =" known[$i]
              else { known[$i] = count++; line = line " " $i }
            print line
          }'
          [ -d /var/lib/containerd ] && containerd=/var/lib/containerd || containerd=
          for directory in "$root" $containerd; do
            df -Pk -- "$directory" 2>/dev/null | {
              read -r _ && read -r _ _ _ free _ && echo "space $free $directory"
            }
          done
          while [ $# -gt 0 ]; do check "$1" "$2"; shift 2; done
          exit 0
          """;

  /**
   * A record appears as a whole, and is written only where the image's id is the manifest's digest,
   * so on the containerd store. Records of images that are gone go too.
   */
  private static final String PROVE =
      CHECK
          + """
          written=
          while [ $# -gt 0 ]; do
            if check "$1" "$2" && [ -n "$4" ]; then
              case "$facts " in "sha256:$3 "*)
                new=$records/.$3.$$
                { mkdir -p "$records" && printf '%s\\n' "$4" > "$new" && mv "$new" "$records/$3"; } 2>/dev/null &&
                  written=yes || echo "unrecorded $1" ;;
              esac
            fi
            shift 4
          done
          if [ -n "$written" ]; then
            ids=" $("$docker" image ls --quiet --no-trunc | tr '\\n' ' ')"
            for f in "$records"/*; do
              case $ids in *" sha256:${f##*/} "*) ;; *) rm -f -- "$f" ;; esac
            done
          fi
          exit 0
          """;

  private ReleaseScripts() {}

  /**
   * Asks for everything that {@link Survey} has.
   *
   * @param prove whether containers are made of the releases; otherwise nothing at all is changed
   */
  static Command survey(Engine engine, String docker, boolean prove, List<ReleaseCheck> releases) {
    List<String> arguments =
        new ArrayList<>(List.of(docker, prove ? "prove" : "look", engine.rootDirectory()));
    releases.forEach(release -> arguments.addAll(List.of(release.tag(), release.platform())));
    return Command.script(SURVEY, arguments.toArray(String[]::new)).within(TIMEOUT);
  }

  /**
   * Proves releases that were just loaded, and records what was sent.
   *
   * @param record whether blobs are recorded
   */
  static Command prove(String docker, List<ReleaseCheck> releases, boolean record) {
    List<String> arguments = new ArrayList<>(List.of(docker, "proof"));
    for (ReleaseCheck release : releases) {
      arguments.addAll(
          List.of(
              release.tag(),
              release.platform(),
              release.manifest(),
              record ? String.join(" ", release.blobs()) : ""));
    }
    return Command.script(PROVE, arguments.toArray(String[]::new)).within(TIMEOUT);
  }
}
