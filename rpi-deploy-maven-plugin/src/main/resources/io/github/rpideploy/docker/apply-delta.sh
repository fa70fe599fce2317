# apply_delta OLD : makes an archive of the program on standard input, see the package image.program of the plugin. OLD has a line
# "CONTAINER:DIRECTORY" for each directory that the program copies from. Fails when anything is not as the program says; the last
# bytes of the archive are not written then.
#
# Perl as Debian's perl-base has it, because that is everywhere there. Each directory is read once, from its beginning. A file that
# comes by before it is needed is held in memory.
apply_delta() {
  perl -e '
    use strict;
    my ($docker, $with, $old) = @ARGV;
    my @from = split /\n/, $old;
    my ($limit, $held, $out) = (64 << 20, 0, "");
    my (@files, %place, %open);

    sub fail { die "delta: $_[0]\n" }
    sub flush {
      for (my $done = 0; $done < length $out;) {
        my $n = syswrite STDOUT, $out, length($out) - $done, $done;
        defined $n or fail("the archive cannot be written: $!");
        $done += $n;
      }
      $out = "";
    }
    # The last piece stays here until all is known to be well.
    sub put { flush() if length $out >= 1 << 17; $out .= $_[0] }
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
      my $line = <STDIN>;
      defined $line && $line =~ s/\n\z// or fail("the program ends too early");
      return $line;
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
          while ($type eq "x" && $x =~ /^(\d+) /) {
            my $record = substr $x, 0, $1, "";
            if ($record =~ /^\d+ (path|size)=(.*)\n\z/s) { if ($1 eq "path") { $name = $2 } else { $size = $2 } }
            last if $record eq "";
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
    # Reads a directory on until the file comes, and leaves the file to be read.
    sub seek_file {
      my ($k) = @_;
      my $file = $files[$k];
      my ($in, $what) = (directory($file->{d})->{in}, $from[$file->{d}]);
      while (1) {
        my ($name, $size) = next_file($in, $what);
        my $at = $place{$file->{d}}{$name};
        if (!defined $at || $at != $k && $files[$at]{uses} == 0) { skip($in, $size + -$size % 512, $what); next }
        $size == $files[$at]{size} or fail("$name has another size");
        return $in if $at == $k;
        hold($in, $at);
      }
    }
    sub hold {
      my ($in, $k) = @_;
      my $file = $files[$k];
      $held += $file->{size};
      $held <= $limit or fail("it takes too much memory");
      $file->{data} = get($in, $file->{size}, $file->{name});
      skip($in, -$file->{size} % 512, $file->{name});
    }
    sub copy {
      my ($k, $offset, $length) = @_;
      my $file = $files[$k] or fail("there is no file $k");
      $file->{uses}-- > 0 or fail("file $k is not copied from so often");
      $offset + $length <= $file->{size} or fail("file $k is not so long");
      if (!defined $file->{data}) {
        my $in = seek_file($k);
        if ($file->{uses} == 0) {
          skip($in, $offset, $file->{name});
          pieces($in, $length, $file->{name}, \&put);
          skip($in, $file->{size} - $offset - $length + -$file->{size} % 512, $file->{name});
        } else { hold($in, $k) }
      }
      if (defined $file->{data}) {
        for (my $done = 0; $done < $length; $done += 1 << 16) {
          my $n = $length - $done;
          put(substr $file->{data}, $offset + $done, $n < 1 << 16 ? $n : 1 << 16);
        }
        if ($file->{uses} == 0) { $held -= $file->{size}; delete $file->{data} }
      }
      leave($file->{d}) if $file->{uses} == 0 && --$place{$file->{d}}{""} == 0;
    }

    binmode STDIN;
    binmode STDOUT;
    while ((my $line = line()) ne ".") {
      if ($line =~ /^\+(\d{1,15})\z/) { pieces(*STDIN, $1, "the program", \&put) }
      elsif ($line =~ /^=(\d{1,9}) (\d{1,15}) (\d{1,15})\z/) { copy($1, $2, $3) }
      elsif ($line =~ /^files (\d{1,6})\z/) {
        my $n = $1;
        leave($_) for keys %open;
        ($held, @files, %place) = (0);
        for my $k (0 .. $n - 1) {
          line() =~ /^(\d{1,6}) (\d{1,15}) ([1-9]\d{0,8}) (.+)\z/s && $1 < @from or fail("the program names no file");
          push @files, { d => $1, size => $2, uses => $3, name => $4 };
          !exists $place{$1}{$4} or fail("the program names a file twice");
          $place{$1}{$4} = $k;
          $place{$1}{""}++;
        }
      }
      else { fail("the program makes no sense") }
    }
    defined <STDIN> and fail("the program does not end");
    flush();
    leave($_) for keys %open;
  ' "$docker" "$with" "$1"
}
