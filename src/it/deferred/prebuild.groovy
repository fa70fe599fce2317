new io.github.rpideploy.it.lab.LabPi(labPi).stopEverything()
return true
