import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert log.contains("is not good: the container exited (code 3)")
assert log.contains("There is nothing to go back to: auth-server had no container before. The new one was left for inspection")
assert log.contains("APPLICATION FAILED TO START")
assert pi.created("container-exits") == ["auth-server"]
assert new groovy.json.JsonSlurper().parse(new File(basedir, "target/rpi/deploy.json"))
    .services*.outcome == ["failed", "not-deployed"]
assert pi.flawsOf(log) == []
return true
