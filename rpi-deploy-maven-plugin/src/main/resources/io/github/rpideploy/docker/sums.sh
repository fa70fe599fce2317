# as_sums : turns lines "SHA-256 MODE PATH" of a list of files into what sha256sum prints.
as_sums() { sed 's/ [0-7]* /  /'; }

# sums_of : prints what sha256sum prints for the paths of such lines, as far as they can be read here.
sums_of() { cut -d ' ' -f 3- | sort -u | tr '\n' '\0' | xargs -0 -r sha256sum -- 2>/dev/null; }
