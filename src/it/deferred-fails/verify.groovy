import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def (first, second) = log.split("BUILD FAILURE", 3)[0..1]
def rest = log.substring(log.indexOf("BUILD FAILURE"))

// Its own goals had ended well when it failed: the summary says otherwise all the same.
assert first.contains("extension-server  verified")
assert first =~ /auth-server \.+ FAILURE/
// Maven 4 shows successes as dots.
assert !(first =~ /extension-server \.+ FAILURE/)
assert rest =~ /\[ERROR\] Failed to execute goal .* on project auth-server: auth-server on pi@.* is not good: GET .*\/not-there/

assert second =~ /auth-server \.+ FAILURE/
assert second =~ /extension-server \.+ FAILURE/
assert second.contains("auth-server  not deployed: extension-server was not verified before it")
assert rest =~ /on project auth-server: auth-server is not deployed: extension-server was not verified before it/

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.outcome == "failed"
assert report.services.collectEntries { [it.service, it.outcome] } == ["auth-server": "not-deployed", "extension-server": "failed"]

// In the history too, whichever goal of which module has failed.
def deploys = pi.ssh("tail -n 2 rpi/deferred-fails/.rpi/history.jsonl").readLines()
    .collect { new groovy.json.JsonSlurper().parseText(it) }
assert deploys*.outcome == ["failed", "failed"]
assert deploys*.services.collect { all -> all.collectEntries { [it.service, it.outcome] } } == [
    ["auth-server": "failed", "extension-server": "verified"],
    ["auth-server": "shipped", "extension-server": "failed"]]
assert pi.flawsOf(log) == []
return true
