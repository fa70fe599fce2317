new io.github.rpideploy.it.lab.LabPi(labPi).stopEverything()

def reactor = new File(basedir, "reactor")
reactor.mkdirs()
def samples = new File(labPi.toString()).parentFile.parentFile.toPath().resolve("sample-services")
def copy = new ProcessBuilder("sh", "-c", 'tar -C "$1" --exclude=target -c . | tar -C "$2" -x', "sh",
    samples.toString(), reactor.path).inheritIO().start()
return copy.waitFor() == 0
