import io.github.rpideploy.it.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text

assert pi.created("inherited") == ["auth-server", "extensions", "auth-server", "extensions"]
assert log.count("GET http://localhost:18081/health answered 200") == 2
assert log.count("GET http://localhost:18082/nothing-here answered 404") == 2
return true
