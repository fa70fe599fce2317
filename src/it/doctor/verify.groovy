import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
def log = new File(basedir, "build.log").text
def (before, after) = log.split("Scanning for projects").findAll { it.contains(":doctor (default-cli)") }

def line = { String text, String level, String check ->
  def found = text.readLines().find { it =~ /\] +${level}  ${check} / }
  assert found != null : "no line: ${level} ${check}"
  return found
}

assert before.readLines().count { it =~ /\] +(ok|warn|fail)  / } >= 18
["tunnel", "clock", "docker", "image store", "compose", "disk", "directory", "compose file", "files", "ports", "memory limits"].each {
  line(before, "ok  ", it)
}
assert line(before, "ok  ", "ssh").contains("logged in within")
assert line(before, "ok  ", "compose file").contains("knows auth-server, extension-server")
assert line(before, "ok  ", "directory").contains("rpi/doctor, which the first deploy makes")
assert line(before, "ok  ", "ports").contains("auth-server 127.0.0.1:18081 free, extension-server 127.0.0.1:18082 free")
assert line(before, "ok  ", "memory limits").contains("auth-server 67.1 MB")
// The Pi in a box keeps its logs as Docker does by default: for ever.
assert line(before, "warn", "log rotation").contains("auth-server, extension-server")
assert before.contains('"max-size": "10m"')
assert before.contains("is fit for a deploy: ")
assert !before.contains("sending")

assert line(after, "ok  ", "ports").contains("auth-server 127.0.0.1:18081 held by itself")
assert line(after, "ok  ", "directory").contains("/home/pi/rpi/doctor")

assert pi.created("doctor") == ["auth-server", "extension-server"]
assert !log.contains("doctor-secret")
assert pi.flawsOf(log) == []
return true
