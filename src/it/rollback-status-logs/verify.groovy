import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def project = "rollback-status-logs"
def both = ["auth-server", "extension-server"]
def release = { service ->
    pi.ssh("docker exec \$(docker ps -q --filter label=com.docker.compose.project=${project}"
        + " --filter label=com.docker.compose.service=${service}) cat /www/health")
}

// One service goes back alone; then all do, the last one first: extension-server forth again.
assert pi.created(project) == both + both + "extension-server" + "extension-server" + "auth-server"
assert both.collect(release) == ["one", "two"]

// What the history says of it.
def history = pi.ssh("cat rpi/${project}/.rpi/history.jsonl").readLines()
    .collect { new groovy.json.JsonSlurper().parseText(it) }
assert history*.outcome == ["verified"] * 4
assert history*.services*.service == [both, both, ["extension-server"], both.reverse()]
assert history.every { it.who && it.when }
assert history*.version == ["1", "1", null, null]
assert history[0].services*.before == [null, null]
assert history[1].services*.before == history[0].services*.release
assert history[2].services[0].release == history[0].services[1].release
assert history.every { it.services.every { it.runs == it.release } }

// What is done is said.
assert log.contains("extension-server  going back to ${history[2].services[0].release}")
assert log.contains("auth-server  going back to ${history[0].services[0].release}")

// The status, as a table and as JSON.
assert log =~ /SERVICE +STATE +HEALTH +RELEASE +VERSION +COMMIT +SINCE +RESTARTS +MEMORY/
assert log =~ /auth-server +running +none +${history[1].services[0].release} +1 /
assert log.contains("  earlier: ${history[0].services[0].release.split(':')[1]} (1)")
assert !log.contains("  drift: ")
def json = (log =~ /(?s)\[\s*\{\s*"service".*?\n\]/)[0]
def status = new groovy.json.JsonSlurper().parseText(json)
assert status*.service == ["extension-server"]
assert status[0].release == history[0].services[1].release
assert status[0].state == "running"
assert status[0].version == "1"
assert status[0].earlier*.release == [history[1].services[1].release]

// The logs, without secrets.
assert log =~ /(?m)^extension-server \| release one, \[PASSWORD\]$/
assert log =~ /(?m)^auth-server {6}\| /
assert !log.contains("rollback-secret")

assert log.contains("Release extension-server:rpi-000000000000 of extension-server is not on ")
    || log.contains("Release auth-server:rpi-000000000000 of auth-server is not on ")
assert pi.flawsOf(log) == []
return true
