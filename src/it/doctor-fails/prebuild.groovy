def pi = new io.github.rpideploy.it.lab.LabPi(labPi)
pi.ready(context.userProperties)
// Listens at the port of auth-server until verify.groovy ends it, or for ten minutes.
pi.ssh("perl -MIO::Socket::INET -e 'alarm 600; my \$s = IO::Socket::INET->new(LocalAddr => q(127.0.0.1), LocalPort => 18099, Listen => 1, ReuseAddr => 1) or die; print qq(\$\$\\n); close STDOUT; sleep 700' < /dev/null 2> /dev/null > .listener & while [ ! -s .listener ]; do sleep 0.1; done")
return true
