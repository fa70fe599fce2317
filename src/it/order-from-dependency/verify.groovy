import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("order-from-dependency") == ["auth-server", "extension-server"]
assert log.indexOf("auth-server  verified") < log.indexOf("extension-server  recreated")
// One connection for six goals, as it says and as the Pi's sshd has seen it.
assert log.count("Connected to") == 1
assert pi.logins() == 1
return true
