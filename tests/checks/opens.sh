#!/bin/sh
# opens.sh ROOT
# Nothing opens a file but lib/posix/file.cpp, whose opens cannot wait. A directory is listed by lib/posix/directory.hpp:
# opendir(3) does not wait for a fifo either. Fails as well when it misses a violation.
set -eu

violations() {
    grep -rnE '(^|[^[:alnum:]_>])(::(open|openat|openat2|creat|truncate)|(::)?(fopen|freopen|opendir))\(' \
        --include='*.[ch]pp' "$1/lib" "$1/runsv" "$1/runsvdir" "$1/sv" "$1/chpst" "$1/svlogd" "$1/init" 2>/dev/null |
        grep -vE "^$1/lib/posix/(file.cpp|directory.hpp):" || :
}

found=$(violations "$1")
[ -z "$found" ] || { echo "$found"; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/lib/posix" "$scratch/sv"
echo '    const int fd = ::open(path, O_RDONLY);' >"$scratch/sv/wrong.cpp"
echo '    if (::truncate(path, 0) == 0) return;' >>"$scratch/sv/wrong.cpp"
echo '    UniqueFd fd{::openat(base, path, flags)};' >>"$scratch/sv/wrong.cpp"
echo '    auto edge = Edge::open(fd);' >>"$scratch/sv/wrong.cpp"
echo '    UniqueFd fd{::openat(base, path, flags)};' >"$scratch/lib/posix/file.cpp"
[ "$(violations "$scratch" | wc -l)" -eq 3 ] || { echo "The check misses violations."; violations "$scratch"; exit 1; }
