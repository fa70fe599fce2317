import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def refused = log.substring(0, log.lastIndexOf("BUILD FAILURE"))
def allowed = log.substring(log.lastIndexOf("BUILD FAILURE"))

def flaw = /The predecessors of extension-server are not good on pi@.*: auth-server has no container there/
assert refused.count("Connected to") == 2
assert refused.count("BUILD FAILURE") == 1
assert refused =~ /\[ERROR\] .*$flaw/
assert !refused.contains("  sending ")
assert allowed =~ /\[ERROR\] .*$flaw/
assert (allowed =~ /\[WARNING\] $flaw/).size() == 1
assert pi.created("predecessor-missing") == ["extension-server", "extension-server"]
assert pi.flawsOf(log) == []
return true
