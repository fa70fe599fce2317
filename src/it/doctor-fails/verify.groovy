import io.github.rpideploy.it.lab.LabPi

def pi = new LabPi(labPi)
pi.ssh("kill \$(cat .listener); rm .listener")
def log = new File(basedir, "build.log").text
def (unreachable, taken, unknown) = log.split("Scanning for projects").findAll { it.contains(":doctor (default-cli)") }

assert unreachable =~ /\[ERROR\] +fail  ssh  Cannot connect to /
assert unreachable.contains("connection refused")
assert unreachable.contains("not checked: tunnel, clock, ")
assert !(unreachable =~ /\] +(ok|warn)  /)
assert unreachable.contains("is not fit for a deploy: ssh: Cannot connect")

assert taken =~ /\[ERROR\] +fail  ports +auth-server 127.0.0.1:18099 is held by perl \(process \d+\)/
assert taken.contains("sudo ss -lptn 'sport = :18099'")
assert taken =~ /\] +ok    compose file +knows auth-server/
assert taken.contains("is not fit for a deploy: ports: auth-server")

assert unknown =~ /\[ERROR\] +fail  compose file +knows no service extension-server, only auth-server/
assert unknown.contains("<rpi.service>")

// Nothing was changed: no directory, no container, no file.
assert pi.ssh("ls rpi/doctor-fails 2>&1 || true").contains("No such file")
assert pi.ssh("find /home/pi /tmp -type f -newer .started ! -name .started ! -name .sshd") == ""
assert pi.created("doctor-fails") == []
assert pi.flawsOf(log) == []
return true
