# What jar-entries.sh has in Perl.
asked, number, left = [], {}, {}
for question in program:
  parts = re.match(rb"(\d{1,6}) (\d{1,8}) (.+)\n\Z", question, re.S)
  if not parts or int(parts.group(1)) >= len(sources):
    fail(b"the question makes no sense")
  d = int(parts.group(1))
  number.setdefault(d, {})[parts.group(3)] = len(asked)
  asked.append(int(parts.group(2)))
  left[d] = left.get(d, 0) + 1

def at(jar, place, length):
  return int.from_bytes(jar[place:place + length], "little")

def entries(jar):
  end = jar.rfind(b"PK\5\6")
  if end < 0 or end + 22 > len(jar):
    return
  place = at(jar, end + 16, 4)
  for count in range(at(jar, end + 10, 2)):
    if place + 46 > end or at(jar, place, 4) != 0x02014b50:
      break
    crc, size, local = at(jar, place + 16, 4), at(jar, place + 20, 4), at(jar, place + 42, 4)
    place += 46 + at(jar, place + 28, 2) + at(jar, place + 30, 2) + at(jar, place + 32, 2)
    if size < 64 or local + 30 > end:
      continue
    offset = local + 30 + at(jar, local + 26, 2) + at(jar, local + 28, 2)
    if at(jar, local, 4) == 0x04034b50 and offset + size <= end:
      print(crc, size, offset)

for d in sorted(left):
  source, what = directory(d), sources[d]
  while left[d] > 0:
    name, size = next_file(source, what)
    k = number[d].get(name)
    if k is None or size != asked[k] or size > 32 << 20:
      skip(source, size, what)
    else:
      print("file", k)
      entries(get(source, size, what))
    if k is not None:
      left[d] -= 1
    skip(source, -size % 512, what)
  leave(d)
print("end")
