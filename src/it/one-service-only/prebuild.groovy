import io.github.rpideploy.it.lab.LabPi
import io.github.rpideploy.it.lab.ServiceLoad

def pi = new LabPi(labPi)
pi.ready(context.userProperties)
// Twenty requests a second, from the moment on that the service is there.
context.put("load", ServiceLoad.start(labPi, ["extension-server=50=http://${pi.address()}:18082/health"]))
return true
