import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
def (auth, extension) = report.services

// Of the second deploy: the layer that changed and, on this classic store, Jib's tiny one above it.
assert auth.layersSent == 2
assert auth.layersTotal == 3
assert auth.bytesSent > 0 && auth.bytesSent < 5_000
assert extension.layersSent == 0
assert extension.bytesSent == 0
assert log =~ /auth-server {2}sent [\d.]+ kB of 1\.\d MB \(2 of 3 layers\) in /

// What was planned before is what was done, and planning did nothing.
def sent = String.format(Locale.ROOT, "%.1f kB", auth.bytesSent / 1000.0)
assert log.contains("auth-server  would send ${sent} of ")
assert log.contains("auth-server  would be recreated: its image has changed")
assert log.count("extension-server  would stay as it is: unchanged, GET ") == 2
assert log.count("auth-server  would stay as it is: unchanged, GET ") == 1
assert log.contains("extension-server  unchanged: GET ")
assert pi.created("thin-ship") == ["auth-server", "extension-server", "auth-server"]
assert [auth, extension]*.outcome == ["verified", "unchanged"]

// The result is a whole image: it can be run, and saved with all of its layers.
assert pi.ssh("docker run --rm --platform linux/arm64 --entrypoint cat ${auth.release} /app/resources/greeting.properties") == "greeting=two"
assert pi.ssh("docker save ${auth.release} | tar -tf - | grep -c -e layer.tar -e blobs/sha256/").toInteger() >= 2
return true
