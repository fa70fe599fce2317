# Tells which entries jars of releases on the Pi have: "file NUMBER" for each jar that is asked for on standard input, and then a line
# "CRC SIZE OFFSET" for each of its entries whose compressed bytes are at that place. All of it is compressed; "end" is the last line.
# A question is "DIRECTORY SIZE NAME": one of the lines "RELEASE DIRECTORY" of $old, and a file of it as tar names it.
set -u
with=$1 docker=$2 platform=$3 old=$4
proof=io.github.rpideploy.proof=yes
. ./docker.sh
. ./old-containers.sh
. ./reading.sh
. ./interpreter.sh
make_containers >&2 || exit 1
python_entries() {
  python3 -I -S -c "$python_reading"'
. ./jar-entries.py
' "$docker" "$with" "$from"
}
perl_entries() {
  perl -e "$reading"'
    my (@asked, %number, %left);
    while (defined(my $line = <STDIN>)) {
      $line =~ /^(\d{1,6}) (\d{1,8}) (.+)\n\z/s && $1 < @from or fail("the question makes no sense");
      $number{$1}{$3} = @asked;
      push @asked, $2;
      $left{$1}++;
    }
    sub entries {
      my ($jar) = @_;
      my $end = rindex $jar, "PK\5\6";
      return if $end < 0 || $end + 22 > length $jar;
      my ($count, $at) = unpack "x10 v x4 V", substr $jar, $end, 22;
      while ($count-- > 0 && $at + 46 <= $end) {
        my ($sign, $crc, $size, $name, $extra, $comment, $local) = unpack "V x12 V V x4 v v v x8 V", substr $jar, $at, 46;
        last if $sign != 0x02014b50;
        $at += 46 + $name + $extra + $comment;
        next if $size < 64 || $local + 30 > $end;
        ($sign, $name, $extra) = unpack "V x22 v v", substr $jar, $local, 30;
        my $offset = $local + 30 + $name + $extra;
        print "$crc $size $offset\n" if $sign == 0x04034b50 && $offset + $size <= $end;
      }
    }
    binmode STDOUT;
    for my $d (sort { $a <=> $b } keys %left) {
      my ($in, $what) = (directory($d)->{in}, $from[$d]);
      while ($left{$d} > 0) {
        my ($name, $size) = next_file($in, $what);
        my $k = $number{$d}{$name};
        if (!defined $k || $size != $asked[$k] || $size > 32 << 20) { skip($in, $size, $what) }
        else {
          print "file $k\n";
          entries(get($in, $size, $what));
        }
        $left{$d}-- if defined $k;
        skip($in, -$size % 512, $what);
      }
      leave($d);
    }
    print "end\n";
  ' "$docker" "$with" "$from"
}
case $(interpreter) in
  python3) python_entries ;;
  *) perl_entries ;;
esac | gzip -c
exit 0
