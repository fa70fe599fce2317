. ./as-sums.sh

# sums_of : prints what sha256sum prints for the paths of such lines, as far as they can be read here.
sums_of() { cut -d ' ' -f 3- | sort -u | tr '\n' '\0' | xargs -0 -r sha256sum -- 2>/dev/null; }
