import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("first-deploy-in-order") == ["auth-server", "extension-server"]
assert log.indexOf("auth-server  verified") < log.indexOf("extension-server  recreated")

def report = new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
assert report.outcome == "verified"
assert report.target.directory == "rpi/first-deploy-in-order"
assert report.engine.version && report.engine.store && report.engine.architecture
assert report.compose
assert report.startedAt
assert report.services*.service == ["auth-server", "extension-server"]
report.services.each { service ->
    assert service.outcome == "verified"
    assert service.image == service.service + ":latest"
    assert service.release == service.service + ":rpi-" + service.imageId.substring(7, 19)
    assert service.bytesSent > 0
    // The base may be there from another project; of one stream, it counts for the first service.
    assert service.layersSent > 0 && service.layersSent <= service.layersTotal
    assert service.seconds.keySet() == ["ship", "recreate", "verify"] as Set

    // What runs is what Jib built, for ARM64.
    def built = new File(basedir, service.service + "/target/jib-image.id").text.trim()
    assert service.imageId == built
    assert pi.runningImage("first-deploy-in-order", service.service) == built
    assert pi.platform(built) == "linux/arm64"
}
return true
