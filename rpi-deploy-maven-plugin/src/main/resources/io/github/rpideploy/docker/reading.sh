# $reading is Perl that reads directories of containers as docker cp gives them, and lines of standard input; $python_reading is the same
# in Python. Perl needs perl-base only; both need $docker and $with as the scripts have them, and lines "CONTAINER:DIRECTORY".
# shellcheck disable=SC2034  # it is for others
python_reading='
. ./reading.py
'
# shellcheck disable=SC2016,SC2034  # it is Perl
reading='
use strict;
my ($docker, $with, $old) = @ARGV;
my @from = split /\n/, $old;
my %open;
sub fail { die "delta: $_[0]\n" }
sub get {
  my ($in, $length, $what) = @_;
  my $bytes = "";
  while (length $bytes < $length) {
    read($in, $bytes, $length - length $bytes, length $bytes) or fail("$what ends too early");
  }
  return $bytes;
}
sub pieces {
  my ($in, $length, $what, $each) = @_;
  while ($length > 0) {
    my $n = $length < 1 << 16 ? $length : 1 << 16;
    $each->(get($in, $n, $what));
    $length -= $n;
  }
}
sub skip { pieces($_[0], $_[1], $_[2], sub {}) }
sub line {
  my $line = "";
  while (defined(my $c = getc STDIN)) {
    return $line if $c eq "\n";
    length($line .= $c) < 8192 or last;
  }
  fail("the program ends too early");
}

sub directory {
  my ($d) = @_;
  return $open{$d} if $open{$d};
  my $pid = open my $in, "-|", split(" ", $with), $docker, "cp", $from[$d], "-" or fail("docker cannot be run");
  binmode $in;
  return $open{$d} = { in => $in, pid => $pid };
}
sub leave {
  my $tar = delete $open{$_[0]} or return;
  kill "TERM", $tar->{pid};
  close $tar->{in};
}
# The next file of a directory: name and size.
sub next_file {
  my ($in, $what) = @_;
  my ($name, $size);
  while (1) {
    my $h = get($in, 512, $what);
    fail("$what has not all files") if $h !~ /[^\0]/;
    my $s = substr $h, 124, 12;
    if (ord($s) & 128) { my $n = 0; $n = $n * 256 + $_ for ord($s) & 127, unpack("x C11", $s); $s = $n }
    else { $s =~ s/[\0 ]+\z//; $s =~ /^ *[0-7]*\z/ or fail("$what is no archive"); $s = oct $s }
    my ($n, $type) = (unpack("Z100", $h), substr $h, 156, 1);
    if (substr($h, 257, 6) eq "ustar\0") { my $p = unpack("x345 Z155", $h); $n = "$p/$n" if $p ne "" }
    if ($type =~ /[xLKg]/) {
      fail("$what has too long names") if $s > 1 << 20;
      my $x = get($in, $s, $what);
      skip($in, -$s % 512, $what);
      if ($type eq "L") { ($name) = $x =~ /^([^\0]*)/ }
      while ($type eq "x" && $x =~ /^([1-9]\d{0,8}) /) {
        my $record = substr $x, 0, $1, "";
        if ($record =~ /^\d+ path=(.*)\n\z/s) { $name = $1 } elsif ($record =~ /^\d+ size=(\d{1,15})\n\z/) { $size = $1 }
      }
      next;
    }
    $n = $name if defined $name;
    $s = $size if defined $size;
    ($name, $size) = ();
    return ($n, $s) if $type =~ /[07\0]/;
    skip($in, $s + -$s % 512, $what) if $type !~ /[1-6]/;
  }
}
'
