import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("skip") == ["auth-server", "auth-server"]
assert log.contains("skip  passed over: packaging pom")
assert pi.flawsOf(log) == []
assert log.contains("library  passed over: jib.skip")
assert log.contains("extension-server  passed over: rpi.skip")
assert log.contains("auth-server  passed over: rpi.skip")
return true
