# apply_delta OLD : makes an archive of the program on standard input, see the package image.program of the plugin. OLD has a line
# "CONTAINER:DIRECTORY" for each directory that the program copies from. Fails when anything is not as the program says; the last
# bytes of the archive are not written then.
#
# Perl as Debian's perl-base has it, because that is everywhere there; Python where there is no Perl. Each directory is read once, from
# its beginning. A file that comes by before it is needed is held in memory.
. ./reading.sh
. ./interpreter.sh

apply_delta() {
  if [ "$(interpreter)" = python3 ]; then
    python3 -I -S -c "$python_reading"'
. ./apply-delta.py
' "$docker" "$with" "$1"
    return
  fi
  perl -e "$reading"'
    my ($limit, $held, $out) = (64 << 20, 0, "");
    my (@files, %place, %left);

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
    sub allow { ($held += $_[0]) <= $limit or fail("it takes too much memory") }
    sub hold {
      my ($in, $k) = @_;
      my $file = $files[$k];
      allow($file->{size});
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
      leave($file->{d}) if $file->{uses} == 0 && --$left{$file->{d}} == 0;
    }

    binmode STDIN;
    binmode STDOUT;
    while ((my $line = line()) ne ".") {
      if ($line =~ /^\+(\d{1,15})\z/) { pieces(*STDIN, $1, "the program", \&put) }
      elsif ($line =~ /^=(\d{1,9}) (\d{1,15}) (\d{1,15})\z/) { copy($1 + 0, $2 + 0, $3 + 0) }
      elsif ($line =~ /^files (\d{1,6})\z/) {
        my $n = $1;
        leave($_) for keys %open;
        ($held, @files, %place, %left) = (0);
        for my $k (0 .. $n - 1) {
          line() =~ /^(\d{1,6}) (\d{1,15}) ([1-9]\d{0,8}) (.+)\z/s && $1 < @from or fail("the program names no file");
          my ($d, $size, $uses, $name) = ($1 + 0, $2 + 0, $3 + 0, $4);
          allow(1000 + length $name);
          push @files, { d => $d, size => $size, uses => $uses, name => $name };
          !exists $place{$d}{$name} or fail("the program names a file twice");
          $place{$d}{$name} = $k;
          $left{$d}++;
        }
      }
      else { fail("the program makes no sense") }
    }
    defined(getc STDIN) and fail("the program does not end");
    flush();
    leave($_) for keys %open;
  ' "$docker" "$with" "$1"
}
