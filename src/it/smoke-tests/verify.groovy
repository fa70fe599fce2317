import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))

assert report.services*.outcome == ["verified", "verified"]
assert log =~ /auth-server  verified in [\d.]+ s: / +
    /GET http:\/\/localhost:18081\/health answered 200, TCP localhost:18081 accepts connections, command test in the container exits with 0\n/
assert log =~ /extension-server  verified in [\d.]+ s: / +
    /GET http:\/\/localhost:18082\/health answered 401, GET http:\/\/localhost:18082\/health answered 200, / +
    /GET http:\/\/localhost:18082\/nothing-here answered 404, TCP localhost:18082 accepts connections, command grep in the container exits with 0\n/
assert !log.contains("aXQ6c2VjcmV0")
// What Maven 4 says of names of log levels that are not its own.
assert !log.contains("deprecated property")
assert pi.flawsOf(log) == []
return true
