import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

// The first build: auth-server is proved good before extension-server is touched.
assert log.indexOf("auth-server  verified") > 0
assert log.indexOf("auth-server  verified") < log.indexOf("extension-server  recreated")
assert log.indexOf("extension-server  verified") > 0
assert log.contains("healthy, GET http://localhost:8082/actuator/health/readiness answered 200")

// The second: extension-server as it is, for ARM64.
assert log.count("extension-server  verified") == 2

// The third: a release of auth-server that cannot start; the one before is back and verified,
// extension-server stays as it was.
assert pi.createdAt("sample-services", "extension-server") < pi.createdAt("sample-services", "auth-server")
assert log.contains("auth.token-lifetime must be a positive duration")
assert log =~ /auth-server on pi@.* is not good: the container.*; cause: Spring Boot says: Failed to bind properties under 'auth' .*auth\.token-lifetime must be a positive duration/
assert log.contains("extension-server  not deployed: auth-server failed before it")
assert new File(basedir, "native/target/rpi/auth-server.log").text.contains("APPLICATION FAILED TO START")

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "native/target/rpi/deploy.json"))
assert report.services*.outcome == ["failed", "not-deployed"]
assert log =~ /auth-server is back on auth-server:rpi-[0-9a-f]{12}, verified/
def before = report.services[0].rolledBackTo
assert before != report.services[0].release
def auth = pi.runningImage("sample-services", "auth-server")
assert pi.ssh("docker image inspect --format '{{.Id}}' $before") == auth
assert pi.ssh("docker image inspect --format '{{.Id}}' auth-server") == auth

def built = pi.runningImage("sample-services", "extension-server")
assert pi.platform(built) == "linux/arm64"
pi.stopEverything()
assert pi.flawsOf(log) == []
return true
