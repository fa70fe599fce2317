new io.github.rpideploy.it.lab.LabPi(labPi).ready(context.userProperties)

// reactor: as it is. native: for this machine's own processor.
def samples = new File(labPi.toString()).parentFile.parentFile.toPath().resolve("sample-services")
def run = { String script, String... arguments ->
  new ProcessBuilder(["bash", "-euc", script, "bash", *arguments]).inheritIO().start().waitFor() == 0
}
def copy = { String to -> run('mkdir -p "$2" && tar -C "$1" --exclude=target -c . | tar -C "$2" -x', samples.toString(), "$basedir/$to".toString()) }
return copy("reactor") && copy("native") &&
    run('native=amd64; [[ $(uname -m) != aarch64 ]] || native=arm64; sed -i "s/<architecture>arm64</<architecture>$native</" "$1/pom.xml"; grep -q "<architecture>$native<" "$1/pom.xml"',
        "$basedir/native".toString())
