# as_sums : turns lines "SHA-256 MODE PATH" of a list of files into what sha256sum prints.
as_sums() { sed 's/ [0-7]* /  /'; }
