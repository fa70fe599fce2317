import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def builds = log.split("Scanning for projects").drop(1)
def services =
    ["config-server", "discovery-server", "customers-service", "visits-service", "vets-service", "api-gateway"]
def history = pi.ssh("cat rpi/whole-stack/.rpi/history.jsonl").readLines()
    .collect { new groovy.json.JsonSlurper().parseText(it) }

// From nothing, in order; nothing at all for the second time; then the one of which a file has changed.
def created = pi.containersCreated("whole-stack")
assert created*.key == services + "vets-service"
assert pi.destroyed("whole-stack") == ["vets-service"]
assert history*.services*.outcome ==
    [["verified"] * 6, ["unchanged"] * 6, services.collect { it == "vets-service" ? "verified" : "unchanged" }]

// What runs now are the first containers, but for that one.
def running = pi.ssh("docker ps --no-trunc --format '{{.Label \"com.docker.compose.service\"}} {{.ID}}'").readLines()
assert running as Set == ((created - created[4])*.toString()).collect { it.replace("=", " ") } as Set

// Each build says so.
assert builds*.count(" recreated in ") == [6, 0, 1]
services.each { service ->
    assert builds[1].contains("${service}  unchanged: ")
    assert builds[2].contains("${service}  unchanged: ") == (service != "vets-service")
}
assert builds[2].contains("vets-service  is recreated because conf/vets.properties has changed")
assert !(builds[0] + builds[1]).contains("has changed")
assert !log.contains("[WARNING]")

// The stack works, with all files that it came with.
def inside = { service, line -> pi.ssh("docker exec \$(docker ps -q --filter name=whole-stack-${service}-1) ${line}") }
assert pi.ssh("curl -s http://127.0.0.1:18080/cgi-bin/all").readLines() ==
    ["name=customers-service", "name=visits-service", "name=vets-service"]
assert inside("vets-service", "cat /www/vets.properties") == "level=two"
assert inside("customers-service", "cat /www/limits.json") == '{"requests": 10}'
assert inside("visits-service", "cat /run/secrets/db-password") == "stack-secret"
assert !log.contains("stack-secret")
assert pi.flawsOf(log) == []
return true
