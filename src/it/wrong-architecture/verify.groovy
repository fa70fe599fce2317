import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert log.contains("linux/amd64") && log.contains("linux/arm64")
assert log.contains("<architecture>arm64</architecture>")
assert !log.contains("Connected to")
assert pi.created("wrong-architecture") == []
assert pi.flawsOf(log) == []
return true
