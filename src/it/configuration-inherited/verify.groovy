import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("inherited") == ["auth-server", "extensions", "auth-server", "extensions"]
assert log.count("GET http://localhost:18081/health answered 200") == 2
assert log.count("GET http://localhost:18082/nothing-here answered 404") == 2

// The plugin is an extension of this build, so the second way has connected while images were built.
assert log.count(" beside the build (ssh-") == 1

// Either way is one line of the history.
def deploys = pi.ssh("tail -n 2 rpi/inherited/.rpi/history.jsonl").readLines()
    .collect { new groovy.json.JsonSlurper().parseText(it) }
assert deploys*.outcome == ["verified", "verified"]
assert deploys*.services*.service == [["auth-server", "extensions"]] * 2
assert deploys[1].services*.before == deploys[0].services*.runs
return true
