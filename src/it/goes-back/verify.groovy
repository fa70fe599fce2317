import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def release = { service ->
    pi.ssh('docker exec $(docker ps -q --filter label=com.docker.compose.project=goes-back'
        + " --filter label=com.docker.compose.service=${service}) cat /www/health")
}

// The second build: the bad extension-server goes back, auth-server was verified and stays.
assert log =~ /extension-server on pi@.* is not good: the container exited \(code 0\)/
assert log =~ /extension-server {2}back on extension-server:rpi-[0-9a-f]{12} in .*: GET .* answered 200/
assert log =~ /extension-server is back on extension-server:rpi-[0-9a-f]{12}, verified/
// The third: both go back, extension-server first.
assert log =~ /auth-server {2}back on auth-server:rpi-[0-9a-f]{12} in .*: GET .* answered 200/
assert log.count("The Pi works again.") == 2
def one = ["auth-server", "extension-server"]
assert pi.created("goes-back") ==
    one + one + "extension-server" + one + "extension-server" + "auth-server" + "extension-server"
assert new File(basedir, "target/rpi/extension-server.log").text.contains("release three")

// The fourth: auth-server runs release two already.
assert log.contains("auth-server  would stay as it is: unchanged, GET ")
assert log.contains("extension-server  would be recreated: its image has changed")
assert log.contains("auth-server  unchanged: GET http://localhost:18081/health answered 200")
def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.outcome == "verified"
assert report.services*.outcome == ["unchanged", "verified"]
assert one.collect(release) == ["two", "two"]
assert pi.flawsOf(log) == []
return true
