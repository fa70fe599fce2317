new io.github.rpideploy.it.lab.LabPi(labPi).ready(context.userProperties)
return true
