new io.github.rpideploy.it.LabPi(labPi).stopEverything()
return true
