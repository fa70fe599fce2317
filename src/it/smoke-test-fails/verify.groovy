import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("smoke-test-fails") == ["auth-server", "auth-server"]
assert log.contains("auth-server on pi@")
assert log.contains("is not good: GET http://localhost:18081/not-there answers 404, not 200")
assert log.contains("There is nothing to go back to: auth-server had no container before")
assert log.contains("GET http://localhost:18081/health answers 200, but its body does not contain fine, still after 3 s; cause: the answer was: ok")
assert log.contains("| ") && log.contains("auth-server listens")
assert log.contains("extension-server  not deployed: auth-server failed before it")
assert new File(basedir, "target/rpi/auth-server.log").text.contains("auth-server listens")

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.outcome == "failed"
assert report.services*.outcome == ["failed", "not-deployed"]
assert report.services[0].reason.contains("does not contain fine")
assert pi.flawsOf(log) == []
return true
