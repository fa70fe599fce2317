import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("skip") == ["auth-server", "auth-server"]
assert log.contains("skip  skipped: packaging pom")
assert pi.flawsOf(log) == []
assert log.contains("library  skipped: jib.skip")
assert log.contains("extension-server  skipped: rpi.skip")
assert log.contains("auth-server  skipped: rpi.skip")
return true
