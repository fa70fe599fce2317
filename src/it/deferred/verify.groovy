import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

// With -T Maven may come to extension-server first; the order is the same.
assert pi.created("deferred") == ["extension-server", "auth-server"] * 3
assert log.contains("auth-server  deferred until this is verified: extension-server")
assert log.count("extension-server is deployed before auth-server, but depends_on it in the compose file") == 3

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.outcome == "verified"
assert report.services*.outcome == ["verified", "verified"]
return true
