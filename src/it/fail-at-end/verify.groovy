import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert log.contains("COMPILATION ERROR")
assert log.contains("A module of this build has failed, so nothing is deployed")
assert !log.contains("Connected to")
assert pi.created("fail-at-end") == []
assert pi.flawsOf(log) == []
return true
