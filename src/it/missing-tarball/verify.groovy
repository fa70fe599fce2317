import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert log.contains("jib-image.tar")
assert log.contains("jib:buildTar")
assert !log.contains("Connected to")
assert pi.flawsOf(log) == []
return true
