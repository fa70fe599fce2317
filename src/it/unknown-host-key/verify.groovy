import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert log.contains("SHA256:")
assert log.contains("ssh-keyscan") || log.contains("ssh-keygen")
assert !log.contains("Connected to")
assert pi.created("unknown-host-key") == []
assert pi.flawsOf(log) == []
return true
