import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("one-service-only") == ["auth-server", "extension-server", "auth-server"]
assert pi.destroyed("one-service-only") == ["auth-server"]

// Nobody who uses extension-server has noticed.
def asked = context.get("load").end()["extension-server"]
assert asked.requests() > 20
assert asked.failed() == []

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.services*.service == ["auth-server"]
assert report.services[0].bytesSent == 0
assert report.outcome == "verified"
return true
