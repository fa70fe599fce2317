# What apply-delta.sh has in Perl.
LIMIT = 64 << 20
held = 0
out = bytearray()
files = []
places = {}
left = {}

class File:
  def __init__(self, d, size, uses, name):
    self.d, self.size, self.uses, self.name, self.data = d, size, uses, name, None

def flush():
  global out
  data = memoryview(out)
  out = bytearray()
  while data:
    try:
      data = data[os.write(1, data):]
    except OSError as e:
      fail(b"the archive cannot be written: " + os.fsencode(e.strerror))

# The last piece stays here until all is known to be well.
def put(piece):
  global out
  if len(out) >= 1 << 17:
    flush()
  out += piece

def allow(more):
  global held
  held += more
  if held > LIMIT:
    fail(b"it takes too much memory")

# Reads a directory on until the file comes, and leaves the file to be read.
def seek_file(k):
  file = files[k]
  source, what = directory(file.d), sources[file.d]
  while True:
    name, size = next_file(source, what)
    at = places[file.d].get(name)
    if at is None or at != k and files[at].uses == 0:
      skip(source, size + -size % 512, what)
      continue
    if size != files[at].size:
      fail(b"%s has another size" % name)
    if at == k:
      return source
    hold(source, at)

def hold(source, k):
  file = files[k]
  allow(file.size)
  file.data = get(source, file.size, file.name)
  skip(source, -file.size % 512, file.name)

def copy(k, offset, length):
  global held
  if k >= len(files):
    fail(b"there is no file %d" % k)
  file = files[k]
  if file.uses == 0:
    fail(b"file %d is not copied from so often" % k)
  file.uses -= 1
  if offset + length > file.size:
    fail(b"file %d is not so long" % k)
  if file.data is None:
    source = seek_file(k)
    if file.uses == 0:
      skip(source, offset, file.name)
      pieces(source, length, file.name, put)
      skip(source, file.size - offset - length + -file.size % 512, file.name)
    else:
      hold(source, k)
  if file.data is not None:
    data = memoryview(file.data)
    for done in range(0, length, 1 << 16):
      put(data[offset + done:offset + min(done + (1 << 16), length)])
    if file.uses == 0:
      held -= file.size
      file.data = None
  if file.uses == 0:
    left[file.d] -= 1
    if left[file.d] == 0:
      leave(file.d)

while True:
  text = line()
  write = re.match(rb"\+(\d{1,15})\Z", text)
  take = re.match(rb"=(\d{1,9}) (\d{1,15}) (\d{1,15})\Z", text)
  named = re.match(rb"files (\d{1,6})\Z", text)
  if text == b".":
    break
  elif write:
    pieces(program, int(write.group(1)), b"the program", put)
  elif take:
    copy(*map(int, take.groups()))
  elif named:
    for d in list(opened):
      leave(d)
    held, files, places, left = 0, [], {}, {}
    for k in range(int(named.group(1))):
      one = re.match(rb"(\d{1,6}) (\d{1,15}) ([1-9]\d{0,8}) (.+)\Z", line(), re.S)
      if not one or int(one.group(1)) >= len(sources):
        fail(b"the program names no file")
      d, size, uses = map(int, one.groups()[:3])
      name = one.group(4)
      allow(1000 + len(name))
      files.append(File(d, size, uses, name))
      if name in places.setdefault(d, {}):
        fail(b"the program names a file twice")
      places[d][name] = k
      left[d] = left.get(d, 0) + 1
  else:
    fail(b"the program makes no sense")
if program.read(1):
  fail(b"the program does not end")
flush()
for d in list(opened):
  leave(d)
