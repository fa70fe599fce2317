# What reading.sh has in Perl: reads directories of containers as docker cp gives them, and lines of standard input. It needs what is
# in python3-minimal only. Both say the same, byte for byte.
import os, re, subprocess, sys

docker, before, old = map(os.fsencode, sys.argv[1:4])
sources = [source for source in old.split(b"\n") if source]
opened = {}
program = sys.stdin.buffer

def fail(why):
  for d in list(opened):
    leave(d)
  sys.stderr.buffer.write(b"delta: " + why + b"\n")
  sys.stderr.flush()
  sys.exit(255)

def get(source, length, what):
  data = source.read(length)
  if len(data) < length:
    fail(b"%s ends too early" % what)
  return data

def pieces(source, length, what, each):
  while length > 0:
    n = min(length, 1 << 16)
    each(get(source, n, what))
    length -= n

def skip(source, length, what):
  pieces(source, length, what, lambda piece: None)

def line():
  text = program.readline(8192)
  if not text.endswith(b"\n"):
    fail(b"the program ends too early")
  return text[:-1]

def directory(d):
  if d not in opened:
    try:
      opened[d] = subprocess.Popen(before.split() + [docker, b"cp", sources[d], b"-"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except OSError:
      fail(b"docker cannot be run")
  return opened[d].stdout

def leave(d):
  tar = opened.pop(d, None)
  if tar:
    try:
      tar.terminate()
    except OSError:
      pass
    tar.stdout.close()
    tar.wait()

# The next file of a directory: name and size.
def next_file(source, what):
  name = size = None
  while True:
    header = get(source, 512, what)
    if header == bytes(512):
      fail(b"%s has not all files" % what)
    s = header[124:136]
    if s[0] & 128:
      s = int.from_bytes(bytes([s[0] & 127]) + s[1:], "big")
    else:
      s = s.rstrip(b"\0 ")
      if not re.match(rb" *[0-7]*\Z", s):
        fail(b"%s is no archive" % what)
      s = int(s.strip() or b"0", 8)
    n, kind = header[:100].split(b"\0")[0], header[156:157]
    if header[257:263] == b"ustar\0":
      p = header[345:500].split(b"\0")[0]
      if p:
        n = p + b"/" + n
    if kind in (b"x", b"L", b"K", b"g"):
      if s > 1 << 20:
        fail(b"%s has too long names" % what)
      x = get(source, s, what)
      skip(source, -s % 512, what)
      if kind == b"L":
        name = x.split(b"\0")[0]
      while kind == b"x":
        length = re.match(rb"([1-9]\d{0,8}) ", x)
        if not length:
          break
        record, x = x[:int(length.group(1))], x[int(length.group(1)):]
        found = re.match(rb"\d+ (?:path=(.*)|size=(\d{1,15}))\n\Z", record, re.S)
        if found and found.group(2):
          size = int(found.group(2))
        elif found:
          name = found.group(1)
      continue
    if name is not None:
      n = name
    if size is not None:
      s = size
    name = size = None
    if kind in (b"0", b"7", b"\0"):
      return n, s
    if not re.match(rb"[1-6]", kind):
      skip(source, s + -s % 512, what)
